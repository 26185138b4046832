import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/**
 * The client that every store works on. It looks its middleware up once and not at every call, and leaves out what takes each
 * request apart for a log that nobody keeps: together a fifth of the CPU of a call (bench/load.md).
 */
export function dynamoClient(config: DynamoDBClientConfig): DynamoDBClient {
  const client = new DynamoDBClient({ cacheMiddleware: true, ...config });
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
