import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { TokenSecret } from '../../token/token.ts';
import type { Clock, Secrets } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import { keys } from './keys.ts';
import { itemKey } from './partition.ts';

/** How long a rotation may take to reach a running function; the previous secret is good for longer than that. */
const HELD_MS = 5 * 60_000;

type SecretName = 'token' | 'recipient';

/**
 * The secrets in the catalog, where they are encrypted at rest. Functions that visitors reach may only read them;
 * `prepare` makes what is missing, and is called by whoever starts an experiment. Of several at once one wins, and all read
 * the winner's.
 */
export function dynamoSecrets(client: DynamoDBClient, table: string, newSecret: () => string, elapsed: Clock): Secrets {
  const held = new Map<SecretName, { readonly at: number; readonly secret: Promise<TokenSecret> }>();
  return {
    tokenSecret: () => secret('token'),
    recipientSecret: async () => (await secret('recipient')).current,
    prepare: async () => {
      for (const name of ['token', 'recipient'] as const) await create(name);
    },
  };

  function secret(name: SecretName): Promise<TokenSecret> {
    const known = held.get(name);
    if (known && elapsed() - known.at < HELD_MS) return known.secret;
    const fresh = read(name).catch((error: unknown) => {
      held.delete(name);
      throw error;
    });
    held.set(name, { at: elapsed(), secret: fresh });
    return fresh;
  }

  async function read(name: SecretName): Promise<TokenSecret> {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: keyOf(name), ConsistentRead: true }),
    );
    const current = Item?.current?.S;
    if (current === undefined) throw new Error(`there is no ${name} secret yet; starting an experiment makes it`);
    return { current, previous: Item?.previous?.S };
  }

  async function create(name: SecretName): Promise<void> {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...keyOf(name), current: { S: newSecret() + newSecret() } },
          ConditionExpression: conditions.notThereYet,
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

const keyOf = (name: SecretName) => itemKey(keys.secret(name));
