import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '#shared/store/dynamo/journey-item.ts';

/** Every item of a table, as of now. The one scan there is: no function may, and nobody waits for a backup or for what runs out. */
export async function* everyItem(client: DynamoDBClient, table: string): AsyncIterable<Item> {
  let from: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}
