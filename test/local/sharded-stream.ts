import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One shard of a stream that only exists in a test: who is told of, in order. Open for ever unless it is closed. */
export type FakeShard = {
  readonly id: string;
  readonly parent?: string;
  readonly visitors: readonly string[];
  readonly closed: boolean;
};
type Asked = { ExclusiveStartShardId?: string; ShardId?: string; ShardIterator?: string };

const ARN = 'arn:aws:dynamodb:local:000000000000:table/journeys/stream/2026';
/** So few that a page of shards is not all of them, and a batch not all of a shard. */
const SHARDS_A_PAGE = 2;
const RECORDS_A_BATCH = 2;

/**
 * DynamoDB's own wire form of a stream with several shards, which the embedded engine never has. `refuse` says which iterators
 * have expired.
 */
export async function shardedStream(shards: readonly FakeShard[], refuse: (iterator: string) => boolean = () => false) {
  const answers: Readonly<Record<string, (asked: Asked) => unknown>> = {
    DescribeTable: () => ({ Table: { LatestStreamArn: ARN } }),
    DescribeStream: ({ ExclusiveStartShardId }) => {
      const from = shards.findIndex(({ id }) => id === ExclusiveStartShardId) + 1;
      const page = shards.slice(from, from + SHARDS_A_PAGE);
      return {
        StreamDescription: {
          Shards: page.map(({ id, parent }) => ({ ShardId: id, ParentShardId: parent })),
          ...(from + SHARDS_A_PAGE < shards.length && { LastEvaluatedShardId: page.at(-1)?.id }),
        },
      };
    },
    GetShardIterator: ({ ShardId }) => ({ ShardIterator: `${ShardId}@0` }),
    GetRecords: ({ ShardIterator = '' }) => {
      const [id, position = ''] = ShardIterator.split('@');
      const shard = shards.find((each) => each.id === id);
      const from = Number(position);
      const told = shard?.visitors.slice(from, from + RECORDS_A_BATCH) ?? [];
      const end = from + told.length;
      return {
        Records: told.map((visitor, i) => ({
          eventName: 'INSERT',
          dynamodb: { SequenceNumber: String(from + i + 1), NewImage: { sk: { S: visitor } } },
        })),
        ...(!(shard?.closed && end === shard.visitors.length) && { NextShardIterator: `${id}@${end}` }),
      };
    },
  };
  const server = createServer((asked, answer) => {
    void textOf(asked).then((text) => {
      const operation = String(asked.headers['x-amz-target']).split('.').at(-1) ?? '';
      const request = JSON.parse(text) as Asked;
      const expired = operation === 'GetRecords' && refuse(request.ShardIterator ?? '');
      answer.writeHead(expired ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
      answer.end(
        JSON.stringify(
          expired
            ? { __type: 'com.amazonaws.dynamodb.v20120810#ExpiredIteratorException', message: 'too old' }
            : answers[operation]?.(request),
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}
