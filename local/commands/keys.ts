import type { ApiClient } from './api-client.ts';
import type { Commands } from './command.ts';

type Key = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly key?: string;
  readonly projects: string[];
  readonly origins: string[];
  readonly secrets: { since: number; until?: number }[];
  readonly revokedAt?: number;
};

/** The keys of sites and servers. */
export function keyCommands({ call }: ApiClient, projects: readonly string[]): Commands {
  const printOnce = ({ kind, key }: Key): void => {
    console.log(key);
    // Beside the output, so that the key alone can be taken into a variable.
    console.error(`This is the only time this ${kind} key is shown.`);
  };
  return {
    keys: {
      does: 'all keys of sites and servers',
      run: async () => {
        const { keys } = await call<{ keys: Key[] }>('GET', '/v1/keys');
        if (keys.length === 0) console.log('No keys yet: stepladder add-key NAME [ORIGIN…]');
        for (const { id, kind, name, projects: of, origins, secrets, revokedAt } of keys) {
          const state = revokedAt ? `revoked ${new Date(revokedAt).toISOString()}` : `${secrets.length} secret(s)`;
          console.log(`${id}  ${kind.padEnd(11)}  ${state.padEnd(12)}  ${name}: ${[...of, ...origins].join(' ')}`);
        }
      },
    },
    'add-key': {
      takes: 'NAME [ORIGIN…]',
      does: 'a key for pages of these origins; without any, a secret key for servers',
      run: async ([name, ...origins]) => {
        const kind = origins.length > 0 ? 'publishable' : 'secret';
        printOnce(await call<Key>('POST', '/v1/keys', { kind, name, origins, projects }));
      },
    },
    'rotate-key': {
      takes: 'KEY [HOURS]',
      does: 'a new secret; the one before is good for so many hours more (168 when absent)',
      run: async ([id = '', hours]) => {
        const body = hours === undefined ? {} : { graceHours: Number(hours) };
        printOnce(await call<Key>('POST', `/v1/keys/${encodeURIComponent(id)}/rotate`, body));
      },
    },
    'revoke-key': {
      takes: 'KEY',
      does: 'end it',
      run: async ([id = '']) => {
        await call('DELETE', `/v1/keys/${encodeURIComponent(id)}`);
        console.log(`${id} is revoked; running functions notice within 15 seconds.`);
      },
    },
  };
}
