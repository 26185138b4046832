import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import type { ShardBatch, ShardOutcome } from '#functions/stream/tally.ts';

const PAUSE_MS = 200;
const RETRY_MS = 1_000;

export type StreamPoller = {
  /** Resolves once every record that was in the stream when it was called has been handled. */
  readonly caughtUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * Does what Lambda's event source mapping does: reads each shard of a table's stream in order and calls the function, again
 * and again until a batch succeeds. It keeps no position of its own: every start reads from the oldest record, and the
 * checkpoints beside the tallies skip what was counted.
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
  const iterators = new Map<string, string | undefined>();
  const running = poll();

  async function poll(): Promise<void> {
    while (!stopping) {
      try {
        for (const shard of await shards()) if (!iterators.has(shard)) iterators.set(shard, await oldest(shard));
        let handled = 0;
        for (const [shard, iterator] of iterators) if (iterator) handled += await advance(shard, iterator);
        quietRounds = handled === 0 ? quietRounds + 1 : 0;
        if (handled === 0) await pause(PAUSE_MS);
      } catch (error) {
        if (stopping) return;
        report(error);
        iterators.clear();
        await pause(RETRY_MS);
      }
    }
  }

  async function shards(): Promise<string[]> {
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    return (StreamDescription?.Shards ?? []).flatMap(({ ShardId }) => (ShardId ? [ShardId] : []));
  }

  async function oldest(ShardId: string): Promise<string | undefined> {
    const answer = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    return answer.ShardIterator;
  }

  async function advance(shard: string, ShardIterator: string): Promise<number> {
    const { Records = [], NextShardIterator } = await streams.send(
      new GetRecordsCommand({ ShardIterator, Limit: 1000 }),
    );
    if (Records.length > 0) await handler({ shardId: shard, Records: Records.map(lambdaRecord) });
    iterators.set(shard, NextShardIterator);
    return Records.length;
  }

  return {
    caughtUp: async () => {
      quietRounds = 0;
      while (quietRounds < 2 && !stopping) await pause(PAUSE_MS / 2);
    },
    stop: async () => {
      stopping = true;
      await running;
      streams.destroy();
    },
  };
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
