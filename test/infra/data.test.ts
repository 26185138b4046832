import { describe, expect, it } from 'vitest';
import { TTL_ATTRIBUTE } from '#shared/store/dynamo/tables.ts';
import { ofType, resourcesWith, theOne } from './synthesized.ts';

const live = resourcesWith();
const trial = resourcesWith({ stage: 'trial' });
const TABLE = 'AWS::DynamoDB::GlobalTable';

describe('tables', () => {
  it.each(['tablescatalog', 'tablesjourneys'])('%s can be restored to any second, and is paid by request', (prefix) => {
    const [, table] = theOne(live, TABLE, prefix);
    expect(table.BillingMode).toBe('PAY_PER_REQUEST');
    expect(table.Replicas).toMatchObject([{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }]);
  });

  it.each(['tablescatalog', 'tablesjourneys'])(
    '%s is encrypted with a key that DynamoDB owns, by a decision and not by default',
    (prefix) => {
      expect(theOne(live, TABLE, prefix)[1].SSESpecification).toEqual({ SSEEnabled: false });
    },
  );

  it('lets journeys expire by the attribute that the store writes', () => {
    expect(theOne(live, TABLE, 'tablesjourneys')[1].TimeToLiveSpecification).toEqual({
      AttributeName: TTL_ATTRIBUTE,
      Enabled: true,
    });
  });

  it('streams both images of a journey, because a tally is the new one less the old one', () => {
    expect(theOne(live, TABLE, 'tablesjourneys')[1].StreamSpecification).toEqual({
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    });
  });

  it('keeps the data of the live stage when the stack goes, and protects it while the stack stands', () => {
    for (const [id, table] of ofType(live, TABLE)) {
      expect(live[id]?.DeletionPolicy).toBe('Retain');
      expect(table.Replicas).toMatchObject([{ DeletionProtectionEnabled: true }]);
    }
  });

  it('takes the data of a trial along', () => {
    for (const [id, table] of ofType(trial, TABLE)) {
      expect(trial[id]?.DeletionPolicy).toBe('Delete');
      expect(table.Replicas).toMatchObject([{ DeletionProtectionEnabled: false }]);
    }
  });
});

describe('the consumer of the journeys stream', () => {
  const [, mapping] = theOne(live, 'AWS::Lambda::EventSourceMapping');

  it('runs once per shard at a time, because a checkpoint is exact only while one consumer reads a shard in order', () => {
    // Two at a time would each commit a checkpoint over records that the other has not counted: lost for ever, without an error.
    expect(mapping.ParallelizationFactor).toBe(1);
  });

  it('has a tumbling window, because Lambda names the shard of a batch only then', () => {
    expect(mapping.TumblingWindowInSeconds).toBe(60);
  });

  it('sees every record, removals too: what is erased goes to its own ledger', () => {
    expect(mapping).not.toHaveProperty('FilterCriteria');
    expect(mapping.StartingPosition).toBe('TRIM_HORIZON');
  });

  it('gives up on a record only after splitting, twenty retries or half a day, and then into the dead letters', () => {
    expect(mapping).toMatchObject({
      BatchSize: 1_000,
      MaximumBatchingWindowInSeconds: 5,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 12 * 3_600,
    });
    const [queue] = theOne(live, 'AWS::SQS::Queue', 'tallystreamdeadletters');
    expect(mapping.DestinationConfig).toEqual({ OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } });
  });

  it('waits in the dead letters longer than a holiday', () => {
    for (const [, queue] of ofType(live, 'AWS::SQS::Queue'))
      expect(queue).toMatchObject({ MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true });
  });
});
