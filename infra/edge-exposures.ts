import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BundledFunction, type House } from './bundled-function.ts';
import { DeadLetters } from './dead-letters.ts';
import type { EdgeAnswer } from './edge-answer.ts';

/** The consumer that counts the visitors whom the edge sent on. */
export class EdgeExposures extends Construct {
  readonly function: BundledFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, house: House, { log }: EdgeAnswer) {
    super(scope, 'edge-exposures');
    this.function = new BundledFunction(this, 'exposures', house, { memoryMb: 512, timeoutSeconds: 60 });
    this.deadLetters = new DeadLetters(this, 'dead-letters');

    // `grantRead` would also let it ask for the limits of the account.
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'kinesis:DescribeStream',
          'kinesis:DescribeStreamSummary',
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
        ],
        resources: [log.streamArn],
      }),
    );
    new EventSourceMapping(this, 'mapping', {
      target: this.function,
      eventSourceArn: log.streamArn,
      // From the first line on: it may have come before this mapping was ready.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 500,
      maxBatchingWindow: Duration.seconds(5),
      // Unlike the tallies, exposures may be counted in any order and again: several at a time would do no harm.
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 20,
      // Half the stream's own 24 hours, so that a stuck shard is told of while its records can still be read.
      maxRecordAge: Duration.hours(12),
      onFailure: this.deadLetters.ofStream(),
    });
  }
}
