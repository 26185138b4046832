import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '#shared/store/dynamo/journey-item.ts';
import { TTL_ATTRIBUTE } from '#shared/store/dynamo/tables.ts';

/**
 * Does what DynamoDB does by itself on AWS: deletes the items whose time is up, and says how many. The stream tells of it, so what
 * was counted stays counted, without a name.
 */
export async function expireJourneys(client: DynamoDBClient, table: string, now: number): Promise<number> {
  const due = {
    ExpressionAttributeNames: { '#until': TTL_ATTRIBUTE },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(now / 1_000)) } },
  };
  let expired = 0;
  let from: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        FilterExpression: '#until < :now',
        ...due,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    for (const { pk, sk } of page.Items ?? [])
      if (
        pk &&
        sk &&
        (await deleted({ TableName: table, Key: { pk, sk }, ConditionExpression: '#until < :now', ...due }))
      )
        expired += 1;
    from = page.LastEvaluatedKey;
  } while (from);
  return expired;

  /** False when it was given more time, or went, meanwhile. */
  async function deleted(request: ConstructorParameters<typeof DeleteItemCommand>[0]): Promise<boolean> {
    try {
      await client.send(new DeleteItemCommand(request));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
