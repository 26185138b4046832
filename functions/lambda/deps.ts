import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';
import { readEnvironment } from '#shared/contracts/environment.ts';
import { dynamoClient } from '#shared/store/dynamo/client.ts';
import { dynamoDeps } from '#shared/store/dynamo/deps.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import type { EdgeStore } from '#shared/usecases/ports.ts';

/** How long a change of an experiment may take to reach a running function. */
const EXPERIMENT_MAX_AGE_MS = 15_000;

/** What the functions get on AWS. Built once per cold start, outside the handlers. With an edge for those that change experiments. */
export function productionDeps(edge?: EdgeStore): Deps {
  const { CATALOG_TABLE, JOURNEYS_TABLE, DESTINATION_HOSTS } = readEnvironment(process.env);
  const client = dynamoClient({
    maxAttempts: 3,
    // A redirect must answer within a bounded time, whatever the store does. Without the second line the first only warns.
    requestHandler: {
      requestTimeout: 1_000,
      throwOnRequestTimeout: true,
      connectionTimeout: 500,
      httpsAgent: new Agent({ keepAlive: true, maxSockets: 64 }),
    },
  });
  return dynamoDeps({
    client,
    tables: { catalog: CATALOG_TABLE, journeys: JOURNEYS_TABLE },
    clock: Date.now,
    newId,
    experimentMaxAgeMs: EXPERIMENT_MAX_AGE_MS,
    elapsed: () => performance.now(),
    allowedHosts: DESTINATION_HOSTS.split(','),
    edge,
  });
}

export const newId = (): string => randomBytes(16).toString('base64url');
