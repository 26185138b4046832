import type { DynamoDBRecord, DynamoDBStreamEvent, StreamRecord } from 'aws-lambda';
import { type Item, journeyOf } from '#shared/store/dynamo/journey-item.ts';
import { foldStream, type JourneyRecord, type SequenceOf } from '#shared/usecases/fold-stream.ts';
import type { Tallies } from '#shared/usecases/ports.ts';

/** A batch of one shard. Lambda names the shard only in the events of a tumbling window, which is why the mapping has one. */
export type ShardBatch = DynamoDBStreamEvent & { readonly shardId?: string };
export type ShardOutcome = {
  readonly state: Record<string, never>;
  readonly batchItemFailures: { itemIdentifier: string }[];
};

type Deps = { readonly tallies: Tallies; readonly sequenceOf: SequenceOf };

/** Keeps the live tallies: folds each batch of journey changes into them, exactly once. */
export const tallyStream =
  (deps: Deps) =>
  async ({ Records, shardId }: ShardBatch): Promise<ShardOutcome> => {
    // Without a name all shards would share one checkpoint and skip each other's records.
    if (shardId === undefined)
      throw new Error('the batch does not name its shard; its event source mapping needs a tumbling window');
    await foldStream(deps, shardId, Records.map(journeyRecord));
    return { state: {}, batchItemFailures: [] };
  };

function journeyRecord({ dynamodb }: DynamoDBRecord): JourneyRecord {
  const sequenceNumber = dynamodb?.SequenceNumber ?? '';
  const before = image(dynamodb?.OldImage);
  const after = image(dynamodb?.NewImage);
  if (after) return { sequenceNumber, before, after };
  if (before) return { sequenceNumber, before, after };
  throw new Error(`stream record ${sequenceNumber} has no image; the table's stream must carry new and old images`);
}

/** Lambda types its images loosely; they are the items of the table. */
const image = (item: StreamRecord['NewImage']) => item && journeyOf(item as unknown as Item);
