import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from './journey-item.ts';

/** The key of an item as DynamoDB writes it. */
export const itemKey = ({ pk, sk }: { readonly pk: string; readonly sk: string }): Item => ({
  pk: { S: pk },
  sk: { S: sk },
});

/** All items of one partition, in the order of their sort keys, page after page; read as of now. Never a scan. */
export async function* itemsOf(client: DynamoDBClient, table: string, partition: string): AsyncIterable<Item> {
  let from: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: partition } },
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}
