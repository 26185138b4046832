import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import type { ShardBatch, ShardOutcome } from '#functions/stream/tally.ts';

/** Records that come within this time are one batch: every batch is a transaction, and the engine has other things to do. */
const PAUSE_MS = 200;
/** While somebody waits for the stream to have caught up. */
const HASTE_MS = 20;
const BATCH = 1_000;
const RETRY_MS = 1_000;

export type StreamPoller = {
  /** Resolves once every record that was in the stream when it was called has been handled. */
  readonly caughtUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * Does what Lambda's event source mapping does: reads each shard of a table's stream in order and calls the function, a batch
 * again and again until it succeeds, and a shard only once the one it came from is read to its end. It keeps no position of its
 * own: every start reads from the oldest record, and the checkpoints beside the tallies skip what was counted.
 */
export async function pollStream(
  client: DynamoDBClient,
  endpoint: string,
  table: string,
  handler: (batch: ShardBatch) => Promise<ShardOutcome>,
  report: (error: unknown) => void,
): Promise<StreamPoller> {
  const streams = new DynamoDBStreamsClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const StreamArn = Table?.LatestStreamArn;
  if (StreamArn === undefined) throw new Error(`table ${table} has no stream; delete the data folder and start again`);

  let stopping = false;
  let quietRounds = 0;
  let waiting = 0;
  const iterators = new Map<string, string>();
  const finished = new Set<string>();
  const running = poll();

  async function poll(): Promise<void> {
    while (!stopping) {
      const round = await readAll().catch(failed);
      quietRounds = round === 'quiet' ? quietRounds + 1 : 0;
      if (round === 'failed') await pause(RETRY_MS);
      else if (round !== 'more') await pause(waiting > 0 ? HASTE_MS : PAUSE_MS);
    }
  }

  /** One batch of every shard. What fails with one keeps no other waiting. `more`: there is more to be read at once. */
  async function readAll(): Promise<'more' | 'read' | 'quiet' | 'failed'> {
    const before = finished.size;
    const handled: number[] = [];
    let anyFailed = false;
    for (const shard of readable(await shards(), finished)) {
      if (stopping) break;
      await advance(shard).then(
        (records) => handled.push(records),
        (error: unknown) => {
          anyFailed = failed(error) === 'failed';
        },
      );
    }
    // A shard that came to its end makes room for its children, who have yet to be looked at.
    if (handled.some((records) => records === BATCH) || finished.size > before) return 'more';
    if (anyFailed) return 'failed';
    return handled.some((records) => records > 0) ? 'read' : 'quiet';
  }

  function failed(error: unknown): 'failed' {
    if (!stopping) report(error);
    return 'failed';
  }

  async function shards(): Promise<Shard[]> {
    const all: Shard[] = [];
    let ExclusiveStartShardId: string | undefined;
    do {
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId }));
      all.push(...(StreamDescription?.Shards ?? []));
      ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
    } while (ExclusiveStartShardId);
    return all;
  }

  async function oldest(ShardId: string): Promise<string | undefined> {
    const answer = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    return answer.ShardIterator;
  }

  /** Hands on the next batch. The position moves only when that succeeded; one that the stream does not accept is given up. */
  async function advance(shard: string): Promise<number> {
    const ShardIterator = iterators.get(shard) ?? (await oldest(shard));
    iterators.delete(shard);
    const { Records = [], NextShardIterator } = await streams.send(
      new GetRecordsCommand({ ShardIterator, Limit: BATCH }),
    );
    if (ShardIterator) iterators.set(shard, ShardIterator);
    if (Records.length > 0) await handler({ shardId: shard, Records: Records.map(lambdaRecord) });
    if (NextShardIterator) iterators.set(shard, NextShardIterator);
    else finished.add(shard);
    return Records.length;
  }

  return {
    caughtUp: async () => {
      quietRounds = 0;
      waiting += 1;
      while (quietRounds < 2 && !stopping) await pause(HASTE_MS);
      waiting -= 1;
    },
    stop: async () => {
      stopping = true;
      await running;
      streams.destroy();
    },
  };
}

/** The shards to read now: not yet at their end, and with a parent that is, or that the stream has forgotten. */
function readable(shards: readonly Shard[], finished: ReadonlySet<string>): string[] {
  const there = new Set(shards.map(({ ShardId }) => ShardId));
  return shards.flatMap(({ ShardId, ParentShardId }) => {
    const waits = ParentShardId !== undefined && there.has(ParentShardId) && !finished.has(ParentShardId);
    return ShardId === undefined || finished.has(ShardId) || waits ? [] : [ShardId];
  });
}

/** The SDK and Lambda name the same record differently only in their types. */
const lambdaRecord = ({ dynamodb, eventName }: _Record): DynamoDBRecord => ({
  ...(eventName && { eventName }),
  dynamodb: {
    ...(dynamodb?.SequenceNumber && { SequenceNumber: dynamodb.SequenceNumber }),
    ...(dynamodb?.NewImage && { NewImage: image(dynamodb.NewImage) }),
    ...(dynamodb?.OldImage && { OldImage: image(dynamodb.OldImage) }),
  },
});

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;
const image = (item: Record<string, AttributeValue>): Image => item as unknown as Image;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
