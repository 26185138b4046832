import {
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Experiment, Revision } from '../../experiment/experiment.ts';
import { upgraded } from '../../experiment/upgraded.ts';
import { Problem } from '../../problem/problem.ts';
import type { Experiments } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import type { Item } from './journey-item.ts';
import { keys } from './keys.ts';
import { itemKey, itemsOf } from './partition.ts';

/** Experiments in the catalog: the current one, and a line of history for every revision, written together or not at all. */
export function dynamoExperiments(client: DynamoDBClient, table: string): Experiments {
  return {
    async find(id) {
      // Longer than any id may be, and a key that DynamoDB refuses to look up.
      if (id === '' || id.length > 64) return undefined;
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: itemKey(keys.experiment(id)), ConsistentRead: true }),
      );
      return Item && upgraded(document(Item) as Experiment);
    },
    list: async () => ((await query(keys.experiment('').pk)) as Experiment[]).map(upgraded),
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
    revisions: async (id) =>
      ((await query(keys.revision(id, 0).pk)) as Revision[]).map((each) => ({
        ...each,
        experiment: upgraded(each.experiment),
      })),
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
    for await (const stored of itemsOf(client, table, partition)) documents.push(document(stored));
    return documents;
  }
}

/** The document is JSON in one attribute: nothing queries inside it, and it reads back exactly as it was written. */
const item = (key: { readonly pk: string; readonly sk: string }, value: Experiment | Revision): Item => ({
  ...itemKey(key),
  revision: { N: String(value.revision) },
  document: { S: JSON.stringify(value) },
});

const document = (stored: Item): unknown => JSON.parse(stored.document?.S ?? 'null');
