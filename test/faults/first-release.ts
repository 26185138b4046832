import { readFileSync } from 'node:fs';
import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { murmur3 } from '#shared/assignment/murmur3.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { SentEvent } from './callers.ts';
import { TABLES } from './lab.ts';

// The first release, as it wrote to its tables: in its own shapes, by hand, and by none of the code of today.

/** A started experiment as it stood in the catalog then: what has come since is not in it. */
export const firstReleaseDocument = (): string =>
  readFileSync(new URL('../fixtures/first-release/experiment.json', import.meta.url), 'utf8');

export const putFirstReleaseExperiment = (client: DynamoDBClient) =>
  client.send(
    new PutItemCommand({
      TableName: TABLES.catalog,
      Item: {
        pk: { S: 'experiments' },
        sk: { S: 'first-release' },
        revision: { N: '2' },
        document: { S: firstReleaseDocument() },
      },
    }),
  );

/** Its one write: what the journey begins with, and the first time and value of a step, each set where nothing stands yet. */
export async function writeAsFirstRelease(
  client: DynamoDBClient,
  { experiment, visitor, variant, assignedAt = 0 }: Journey,
  event?: SentEvent,
): Promise<void> {
  const bucket = (murmur3(visitor, 0) % 256).toString(16).padStart(2, '0');
  const attributes = {
    variant: { S: variant },
    sequence: { N: '1' },
    epoch: { N: '1' },
    revision: { N: '2' },
    source: { S: 'api' },
    expiresAt: { N: String(Math.floor(assignedAt / 1000) + 395 * 86_400) },
    assignedAt: { N: String(assignedAt) },
    ...(event && {
      [`step#${event.step}`]: { N: String(event.at) },
      ...(event.value !== undefined && {
        [`value#${event.step}`]: { L: [{ N: String(event.at) }, { N: String(event.value) }] },
      }),
    }),
  };
  const names = Object.keys(attributes);
  await client.send(
    new UpdateItemCommand({
      TableName: TABLES.journeys,
      Key: { pk: { S: `${experiment}#${bucket}` }, sk: { S: visitor } },
      UpdateExpression: `SET ${names.map((_, i) => `#${i} = if_not_exists(#${i}, :${i})`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
      ExpressionAttributeValues: Object.fromEntries(Object.values(attributes).map((value, i) => [`:${i}`, value])),
    }),
  );
}

/** A release yet to come, which keeps something on a journey that this one has never heard of. */
export async function writeAsLaterRelease(client: DynamoDBClient, { experiment, visitor }: Journey): Promise<void> {
  const bucket = (murmur3(visitor, 0) % 256).toString(16).padStart(2, '0');
  await client.send(
    new UpdateItemCommand({
      TableName: TABLES.journeys,
      Key: { pk: { S: `${experiment}#${bucket}` }, sk: { S: visitor } },
      UpdateExpression: 'SET #0 = :0, #1 = :1',
      ExpressionAttributeNames: { '#0': 'mood', '#1': 'dream#flying' },
      ExpressionAttributeValues: { ':0': { S: 'hopeful' }, ':1': { M: { at: { N: '1' } } } },
    }),
  );
}
