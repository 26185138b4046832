import { KeyRequest, RotateKeyRequest } from '#shared/contracts/keys.ts';
import { routes } from '#shared/contracts/routes.ts';
import { type Endpoint, endpoint } from '#shared/http/endpoint.ts';
import { parsed } from '#shared/http/parsed.ts';
import { json } from '#shared/http/reply.ts';
import { issueKey, revokeKey, rotateKey } from '#shared/usecases/api-keys.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import type { ApiKey } from '#shared/usecases/ports.ts';

/** A key as people may see it: its secrets by their dates alone. */
const shown = ({ secrets, ...key }: ApiKey) => ({ ...key, secrets: secrets.map(({ hash: _, ...dates }) => dates) });

/** Keys of sites and servers, for administrators. */
export const keyEndpoints = (deps: Deps): Endpoint[] => [
  endpoint(routes.createKey, async ({ body, caller }) => {
    const { key, text } = await issueKey(deps, parsed(KeyRequest, body, 'the key'), caller);
    return json(201, { ...shown(key), key: text });
  }),
  endpoint(routes.listKeys, async () => json(200, { keys: (await deps.apiKeys.list()).map(shown) })),
  endpoint(routes.rotateKey, async ({ path, body }) => {
    const { graceHours } = parsed(RotateKeyRequest, body, 'the request');
    const { key, text } = await rotateKey(deps, path.key ?? '', graceHours);
    return json(200, { ...shown(key), key: text });
  }),
  endpoint(routes.revokeKey, async ({ path, caller }) =>
    json(200, shown(await revokeKey(deps, path.key ?? '', caller))),
  ),
];
