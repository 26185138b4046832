import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { MINUTE_MS } from '../../experiment/time.ts';
import { Problem } from '../../problem/problem.ts';
import { TOKEN_LIFETIME_MS, type TokenSecret } from '../../token/token.ts';
import { held } from '../../usecases/held.ts';
import type { Clock, Rotated, RotationReason, Secrets } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import type { Item } from './journey-item.ts';
import { keys } from './keys.ts';
import { itemKey } from './partition.ts';

/** How long a running function may hold a secret, and so how long a rotation may take to reach it. */
const HELD_MS = 5 * MINUTE_MS;
/** A new secret signs only once every function accepts it: the time it may be held, and as much again for clocks that differ. */
const SIGNS_AFTER_MS = 2 * HELD_MS;

type SecretName = 'token' | 'recipient';
type SecretsOptions = {
  readonly newSecret: () => string;
  /** For holding: a clock that only goes forward, ms. */
  readonly elapsed: Clock;
  readonly clock: Clock;
};

/**
 * The secrets in the catalog, where they are encrypted at rest. Functions that visitors reach may only read them;
 * `prepare` makes what is missing, and is called by whoever starts an experiment. Of several at once one wins, and all read
 * the winner's.
 */
export function dynamoSecrets(
  client: DynamoDBClient,
  table: string,
  { newSecret, elapsed, clock }: SecretsOptions,
): Secrets {
  /** In an outage the older copy goes on serving, as experiments do: without a secret no visitor could be sent on. */
  const hold = () => held(async (name) => inForce(await stored(name as SecretName), clock()), elapsed, HELD_MS);
  let secret: (name: SecretName) => Promise<TokenSecret> = hold();
  return {
    tokenSecret: () => secret('token'),
    recipientSecret: async () => (await secret('recipient')).current,
    prepare: async () => {
      for (const name of ['token', 'recipient'] as const)
        await put({ ...keyOf(name), current: { S: fresh() } }, { ConditionExpression: conditions.notThereYet });
    },
    rotateTokenSecret,
  };

  async function rotateTokenSecret(why: RotationReason): Promise<Rotated> {
    const before = await stored('token');
    const now = clock();
    // The one before signed for as long as a function may have held it.
    const goodUntil = Number(before.signsFrom?.N ?? 0) + HELD_MS + TOKEN_LIFETIME_MS;
    if (why === 'due' && before.signsFrom && now < goodUntil)
      throw new Problem(
        'secret.rotated-recently',
        `the token secret was rotated a short while ago, and tokens signed before that are good until ${new Date(goodUntil).toISOString()}; rotate it after that, or say that it leaked`,
      );
    const signsFrom = why === 'due' ? now + SIGNS_AFTER_MS : now;
    const rotated = await put(
      {
        ...keyOf('token'),
        current: { S: fresh() },
        signsFrom: { N: String(signsFrom) },
        ...(why === 'due' && { previous: before.current }),
      },
      {
        ConditionExpression: conditions.secretUnchanged,
        ExpressionAttributeNames: { '#current': 'current' },
        ExpressionAttributeValues: { ':expectedSecret': before.current },
      },
    );
    if (!rotated)
      throw new Problem('secret.rotated-recently', 'someone else rotated the token secret at this very moment');
    // What is held was read before.
    secret = hold();
    return { signsFrom };
  }

  async function stored(name: SecretName): Promise<Item & { readonly current: { readonly S: string } }> {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: itemKey(keys.secret(name)), ConsistentRead: true }),
    );
    const current = Item?.current?.S;
    if (current === undefined) throw new Error(`there is no ${name} secret yet; starting an experiment makes it`);
    return { ...Item, current: { S: current } };
  }

  /** False when somebody else was there first. */
  async function put(Item: Item, condition: object): Promise<boolean> {
    try {
      await client.send(new PutItemCommand({ TableName: table, Item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  function fresh(): string {
    return newSecret() + newSecret();
  }
}

/** Until the newest secret signs, it is accepted beside the one that does; after that, the one before stays accepted. */
function inForce({ current, previous, signsFrom }: Item, now: number): TokenSecret {
  const newest = current?.S ?? '';
  const before = previous?.S;
  return before !== undefined && now < Number(signsFrom?.N ?? 0)
    ? { current: before, previous: newest }
    : { current: newest, previous: before };
}

const keyOf = (name: SecretName) => itemKey(keys.secret(name));
