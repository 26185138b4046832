import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from './journey-item.ts';

/** The key of an item as DynamoDB writes it. */
export const itemKey = ({ pk, sk }: { readonly pk: string; readonly sk: string }): Item => ({
  pk: { S: pk },
  sk: { S: sk },
});

/** What one query gives of a partition: a megabyte of it, and where the rest begins. */
export type PartitionPage = { readonly items: readonly Item[]; readonly rest: Item | undefined };

/** One page of a partition in the order of its sort keys, from its beginning or behind a key; read as of now. */
export async function pageOf(
  client: DynamoDBClient,
  table: string,
  partition: string,
  behind?: Item,
): Promise<PartitionPage> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: partition } },
      ConsistentRead: true,
      ...(behind && { ExclusiveStartKey: behind }),
    }),
  );
  return { items: Items, rest: LastEvaluatedKey };
}

/** All items of one partition, in the order of their sort keys, page after page. Never a scan. */
export async function* itemsOf(client: DynamoDBClient, table: string, partition: string): AsyncIterable<Item> {
  let rest: Item | undefined;
  do {
    const page = await pageOf(client, table, partition, rest);
    yield* page.items;
    rest = page.rest;
  } while (rest);
}
