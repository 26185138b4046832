import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Experiment, Revision } from '../../experiment/experiment.ts';
import { Problem } from '../../problem/problem.ts';
import type { Experiments } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import { keys } from './keys.ts';

/** Experiments in the catalog: the current one, and a line of history for every revision, written together or not at all. */
export function dynamoExperiments(client: DynamoDBClient, table: string): Experiments {
  return {
    async find(id) {
      // Longer than any id may be, and a key that DynamoDB refuses to look up.
      if (id === '' || id.length > 64) return undefined;
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: key(keys.experiment(id)), ConsistentRead: true }),
      );
      return Item && (document(Item) as Experiment);
    },
    list: async () => (await query('experiments')) as Experiment[],
    create: (experiment, revision) =>
      write(
        experiment,
        revision,
        { ConditionExpression: conditions.notThereYet },
        () =>
          new Problem(
            'experiment.exists',
            `an experiment called ${experiment.id} exists already; choose another id or edit that one`,
          ),
      ),
    replace: (experiment, revision) =>
      write(
        experiment,
        revision,
        {
          ConditionExpression: conditions.revisionUnchanged,
          ExpressionAttributeNames: { '#revision': 'revision' },
          ExpressionAttributeValues: { ':expectedRevision': { N: String(experiment.revision - 1) } },
        },
        () =>
          new Problem(
            'experiment.version-conflict',
            `${experiment.id} was changed by someone else since revision ${experiment.revision - 1}; load it again and repeat the change`,
          ),
      ),
    revisions: async (id) => (await query(`revisions#${id}`)) as Revision[],
  };

  async function write(
    experiment: Experiment,
    revision: Revision,
    condition: object,
    refusal: () => Problem,
  ): Promise<void> {
    try {
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: table, Item: item(keys.experiment(experiment.id), experiment), ...condition } },
            { Put: { TableName: table, Item: item(keys.revision(experiment.id, experiment.revision), revision) } },
          ],
        }),
      );
    } catch (error) {
      if (
        error instanceof TransactionCanceledException &&
        error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed'
      )
        throw refusal();
      throw error;
    }
  }

  async function query(partition: string): Promise<unknown[]> {
    const documents: unknown[] = [];
    let from: Record<string, AttributeValue> | undefined;
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
      documents.push(...(page.Items ?? []).map(document));
      from = page.LastEvaluatedKey;
    } while (from);
    return documents;
  }
}

type Key = { readonly pk: string; readonly sk: string };

const key = ({ pk, sk }: Key): Record<string, AttributeValue> => ({ pk: { S: pk }, sk: { S: sk } });

/** The document is JSON in one attribute: nothing queries inside it, and it reads back exactly as it was written. */
const item = (itemKey: Key, value: Experiment | Revision): Record<string, AttributeValue> => ({
  ...key(itemKey),
  revision: { N: String(value.revision) },
  document: { S: JSON.stringify(value) },
});

const document = (stored: Record<string, AttributeValue>): unknown => JSON.parse(stored.document?.S ?? 'null');
