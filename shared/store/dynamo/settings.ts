import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { Problem } from '../../problem/problem.ts';
import type { Settings, SettingsStore } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import type { Item } from './journey-item.ts';
import { keys } from './keys.ts';
import { itemKey, itemsOf } from './partition.ts';

/** The settings in the catalog, an item for every revision that ever was: the last one holds, and all of them are the history. */
export function dynamoSettings(client: DynamoDBClient, table: string): SettingsStore {
  const { pk } = keys.settings(0);
  return {
    async find() {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      return Items?.[0] && document(Items[0]);
    },
    async replace(settings) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...itemKey(keys.settings(settings.revision)), document: { S: JSON.stringify(settings) } },
            ConditionExpression: conditions.notThereYet,
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        throw new Problem(
          'settings.version-conflict',
          'the settings were changed by someone else; look at them again and repeat the change',
          [],
          { cause: error },
        );
      }
    },
    async revisions() {
      const found: Settings[] = [];
      for await (const stored of itemsOf(client, table, pk)) found.push(document(stored));
      return found;
    },
  };
}

const document = (item: Item): Settings => JSON.parse(item.document?.S ?? 'null') as Settings;
