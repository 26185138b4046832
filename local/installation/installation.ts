import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { adminApi } from '#functions/api/admin.ts';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import { tallyStream } from '#functions/stream/tally.ts';
import { openApi } from '#shared/contracts/openapi.ts';
import { localAdminGate } from '#shared/http/access.ts';
import type { ReportBug } from '#shared/http/endpoint.ts';
import { Problem } from '#shared/problem/problem.ts';
import { dynamoDeps } from '#shared/store/dynamo/deps.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { boundedJourneys, tellOfOverload } from '../stand-ins/bounded-journeys.ts';
import { memoryEdgeStore } from '../stand-ins/edge-store.ts';
import { createTables, type Engine, startEngine } from '../stand-ins/engine.ts';
import type { Handlers } from '../stand-ins/http-server.ts';
import { pollStream, type StreamPoller } from '../stand-ins/stream-poller.ts';
import { type LocalKeys, localKeys } from './local-keys.ts';
import { clock } from './replay-clock.ts';

export const TABLES = { catalog: 'stepladder-catalog', journeys: 'stepladder-journeys' };
/** Says, in the folder, where its engine can be reached while somebody runs it. */
const HELD = 'engine.json';
/** On one machine a change is wanted at once. */
const EXPERIMENT_MAX_AGE_MS = 500;

/** The whole platform on one machine: the same functions, an engine, and what AWS would do around them. */
export type Installation = {
  readonly deps: Deps;
  readonly handlers: Handlers;
  readonly keys: LocalKeys;
  readonly stream: StreamPoller;
  readonly engine: Engine;
  readonly stop: () => Promise<void>;
};

type Beginning = {
  readonly fill?: (client: DynamoDBClient) => Promise<unknown>;
  readonly newId?: () => string;
};

/**
 * Opens the installation in a folder, or in memory without one. If another process holds the folder's engine, this one
 * joins it: the stream is then read twice, and the checkpoints see to it that nothing counts twice.
 *
 * `fill` puts something into the tables before anything else touches them. `newId` gives ids of 128 bits; a simulation draws
 * them from its seed.
 */
export async function openInstallation(
  folder?: string,
  { fill = async () => {}, newId = () => randomBytes(16).toString('base64url') }: Beginning = {},
): Promise<Installation> {
  const held = folder ? join(folder, HELD) : undefined;
  const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? (folder && (await runningEngine(folder)));
  const report = (what: string) => console.error(what);
  const engine = await startEngine(folder ? { file: join(folder, 'stepladder.db'), endpoint, report } : { endpoint });
  if (folder && held && !endpoint) {
    await mkdir(folder, { recursive: true });
    await writeFile(held, JSON.stringify({ endpoint: engine.endpoint, pid: process.pid }));
  }
  await createTables(engine.client, TABLES);
  try {
    await fill(engine.client);
  } catch (error) {
    await engine.stop();
    if (held && !endpoint) rmSync(held, { force: true });
    throw error;
  }
  const stored = dynamoDeps({
    client: engine.client,
    tables: TABLES,
    clock,
    newId,
    experimentMaxAgeMs: EXPERIMENT_MAX_AGE_MS,
    elapsed: () => performance.now(),
    edge: memoryEdgeStore(),
  });
  const turnedAway = tellOfOverload(console.error, () => performance.now());
  const deps = { ...stored, journeys: boundedJourneys(stored.journeys, turnedAway) };
  await deps.secrets.prepare();
  const keys = await localKeys(deps, folder);
  const handlers = {
    redirect: redirect(deps, reportBug),
    site: siteApi(deps, reportBug, { access: 'open' }),
    admin: adminApi(deps, reportBug, {
      gate: localAdminGate(keys.admin),
      openApi: () => JSON.stringify(openApi()),
    }),
  };
  const tally = tallyStream({ tallies: deps.tallies, sequenceOf: sequenceOf(deps.experiments) });
  const stream = await pollStream(engine.client, engine.endpoint, TABLES.journeys, tally, (error) =>
    console.error('The stream consumer failed and tries again:', error),
  );
  return {
    deps,
    handlers,
    keys,
    stream,
    engine,
    stop: async () => {
      await stream.stop();
      await engine.stop();
      if (held && !endpoint) rmSync(held, { force: true });
    },
  };
}

const reportBug: ReportBug = (error, { method, path }) => {
  // What was turned away is told of together.
  if (!(error instanceof Problem)) console.error(`${method} ${path} failed:`, error);
};

/** The endpoint of an engine another process of ours is running, if it answers. */
export async function runningEngine(folder: string): Promise<string | undefined> {
  try {
    const { endpoint } = JSON.parse(await readFile(join(folder, HELD), 'utf8')) as { endpoint: string };
    await fetch(endpoint);
    return endpoint;
  } catch {
    return undefined;
  }
}
