import { ConditionalCheckFailedException, DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '#shared/store/dynamo/journey-item.ts';
import { TTL_ATTRIBUTE } from '#shared/store/dynamo/tables.ts';
import { everyItem } from '../installation/every-item.ts';

/**
 * Does what DynamoDB does by itself on AWS: deletes the items whose time is up, and says how many. The stream tells of it, so what
 * was counted stays counted, without a name.
 */
export async function expireJourneys(client: DynamoDBClient, table: string, now: number): Promise<number> {
  const seconds = Math.floor(now / 1_000);
  let expired = 0;
  for await (const item of everyItem(client, table))
    if (isOver(item, seconds) && (await deleted(client, table, item, seconds))) expired += 1;
  return expired;
}

/** An item without an end stays. */
const isOver = ({ [TTL_ATTRIBUTE]: until }: Item, seconds: number): boolean =>
  until?.N !== undefined && Number(until.N) < seconds;

/** False when it was given more time, or went, meanwhile. */
async function deleted(client: DynamoDBClient, table: string, { pk, sk }: Item, seconds: number): Promise<boolean> {
  if (!pk || !sk) return false;
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table,
        Key: { pk, sk },
        ConditionExpression: '#until < :now',
        ExpressionAttributeNames: { '#until': TTL_ATTRIBUTE },
        ExpressionAttributeValues: { ':now': { N: String(seconds) } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
