import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { Problem } from '../../problem/problem.ts';
import type { ApiKey, ApiKeys } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import type { Item } from './journey-item.ts';
import { keys } from './keys.ts';
import { itemKey, itemsOf } from './partition.ts';

/** Keys in the catalog. What is kept of a secret is its hash, so whoever reads the table cannot use a key. */
export function dynamoApiKeys(client: DynamoDBClient, table: string): ApiKeys {
  return {
    async find(id) {
      if (id === '' || id.length > 64) return undefined;
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: itemKey(keys.apiKey(id)), ConsistentRead: true }),
      );
      return Item && document(Item);
    },
    async list() {
      const found: ApiKey[] = [];
      for await (const stored of itemsOf(client, table, keys.apiKey('').pk)) found.push(document(stored));
      return found;
    },
    create: (key) => write(key, { ConditionExpression: conditions.notThereYet }),
    replace: (key) =>
      write(key, {
        ConditionExpression: conditions.revisionUnchanged,
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':expectedRevision': { N: String(key.revision - 1) } },
      }),
  };

  async function write(key: ApiKey, condition: object): Promise<void> {
    const Item = {
      ...itemKey(keys.apiKey(key.id)),
      revision: { N: String(key.revision) },
      document: { S: JSON.stringify(key) },
    };
    const onRefusal = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    try {
      await client.send(new PutItemCommand({ TableName: table, Item, ...condition, ...onRefusal }));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Our own write, whose answer was lost and which the client repeated. The secrets in it are nobody else's.
      if (error.Item?.document?.S === Item.document.S) return;
      throw new Problem(
        'key.version-conflict',
        `the key ${key.id} was changed by someone else; look at it again and repeat the change`,
        [],
        { cause: error },
      );
    }
  }
}

const document = (item: Item): ApiKey => JSON.parse(item.document?.S ?? 'null') as ApiKey;
