import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BundledFunction, type House } from './bundled-function.ts';
import { DeadLetters } from './dead-letters.ts';

/** The consumer that keeps the live tallies: every change of a journey, exactly once. */
export class TallyStream extends Construct {
  readonly function: BundledFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, house: House) {
    super(scope, 'tally-stream');
    const stream = house.tables.journeys.tableStreamArn;
    if (stream === undefined) throw new Error('the journeys table has no stream');
    this.function = new BundledFunction(this, 'tally', house, { memoryMb: 512, timeoutSeconds: 60 });
    this.deadLetters = new DeadLetters(this, 'dead-letters');

    // Lambda polls in the function's name. `grantStreamRead` would allow listing the streams of every table.
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [stream],
      }),
    );
    new EventSourceMapping(this, 'mapping', {
      target: this.function,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 1_000,
      maxBatchingWindow: Duration.seconds(5),
      // The checkpoint is one number per shard. It says what was counted only while one consumer at a time reads a shard, in order.
      parallelizationFactor: 1,
      // Lambda names the shard only in the events of a tumbling window; the function keeps no state in it.
      tumblingWindow: Duration.seconds(60),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 20,
      // Half the stream's own 24 hours, so that a stuck shard is told of while its records can still be read.
      maxRecordAge: Duration.hours(12),
      onFailure: this.deadLetters.ofStream(),
      // No filter: removals are counted too, into the ledger of the erased.
    });
  }
}
