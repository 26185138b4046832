import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import { productionDeps } from '#functions/lambda/deps.ts';
import { type ShardBatch, type ShardOutcome, tallyStream } from '#functions/stream/tally.ts';
import { ENVIRONMENT } from '#shared/contracts/environment.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import type { Reply } from '#shared/http/reply.ts';
import { dynamoDeps } from '#shared/store/dynamo/deps.ts';
import { issueKey } from '#shared/usecases/api-keys.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { createTables, type Engine, startEngine } from '../../local/stand-ins/engine.ts';
import { pollStream } from '../../local/stand-ins/stream-poller.ts';
import { NOON } from '../support/an-experiment.ts';
import { BROWSER } from '../support/site.ts';
import { type StoreProxy, storeProxy } from './store-proxy.ts';

export const TABLES = { catalog: 'catalog', journeys: 'journeys' };

/** The environment of a function whose store is behind a proxy. */
export const environmentOf = (endpoint: string): Record<string, string> => ({
  ...Object.fromEntries(ENVIRONMENT.map((name) => [name, 'test'])),
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  CATALOG_TABLE: TABLES.catalog,
  JOURNEYS_TABLE: TABLES.journeys,
  DESTINATION_HOSTS: '*',
});

/** What a caller asks a function. Rejects where the function died over it. */
export type Ask = (path: string, asked?: Asked) => Promise<Reply>;
export type Asked = { readonly method?: string; readonly body?: unknown; readonly cookies?: readonly string[] };

/** The functions as they are on AWS, with its client settings, on a store in which a test makes the weather. */
export type Lab = {
  readonly engine: Engine;
  readonly proxy: StoreProxy;
  readonly clock: { now: number };
  /** What the functions work with, through the proxy. */
  readonly deps: Deps;
  /** The same store past the proxy: for whoever looks at what came of it. */
  readonly truth: Deps;
  readonly site: Ask;
  readonly redirect: Ask;
  /** A site API of its own memory, as another instance of the function. */
  readonly anotherSite: () => Ask;
  readonly key: string;
  readonly put: (experiment: Experiment) => Promise<Experiment>;
  readonly caughtUp: () => Promise<void>;
  /** The stream consumer; a test may put its own in its place. */
  consume: (batch: ShardBatch) => Promise<ShardOutcome>;
  /** What the stream consumer could not do at first. */
  readonly complaints: unknown[];
  readonly stop: () => Promise<void>;
};

export async function openLab(): Promise<Lab> {
  const engine = await startEngine();
  await createTables(engine.client, TABLES);
  const proxy = await storeProxy(() => engine.endpoint);
  Object.assign(process.env, environmentOf(proxy.endpoint));
  const clock = { now: NOON };
  let ids = 0;
  const newId = () => `id-${String(ids++).padStart(20, '0')}`;
  const instance = (): Deps => ({ ...productionDeps(), clock: () => clock.now, newId });
  const deps = instance();
  const truth = dynamoDeps({
    client: engine.client,
    tables: TABLES,
    clock: () => clock.now,
    newId,
    experimentMaxAgeMs: 0,
    elapsed: () => performance.now(),
  });
  await truth.secrets.prepare();
  const wishes = { kind: 'secret', name: 'lab', projects: ['main'], origins: [], requestsPerSecond: 10_000 } as const;
  const { text: key } = await issueKey(truth, wishes, 'a test');
  const complaints: unknown[] = [];
  const consumer = instance();
  const consume = tallyStream({ tallies: consumer.tallies, sequenceOf: sequenceOf(consumer.experiments) });
  const ignore = () => {};
  const lab: Lab = {
    engine,
    proxy,
    clock,
    deps,
    truth,
    key,
    complaints,
    consume,
    site: asking(siteApi(deps, ignore), key),
    redirect: asking(redirect(deps, ignore), key),
    anotherSite: () => asking(siteApi(instance(), ignore), key),
    put: async (experiment) => {
      const line = { revision: experiment.revision, at: clock.now, by: 'ada', experiment };
      if (await truth.experiments.find(experiment.id))
        await truth.experiments.replace(experiment, { ...line, action: 'edited' });
      else await truth.experiments.create(experiment, { ...line, action: 'created' });
      return experiment;
    },
    caughtUp: () => stream.caughtUp(),
    stop: async () => {
      await stream.stop();
      await proxy.stop();
      await engine.stop();
    },
  };
  const stream = await pollStream(
    engine.client,
    engine.endpoint,
    TABLES.journeys,
    (batch) => lab.consume(batch),
    (error) => complaints.push(error),
  );
  return lab;
}

const asking =
  (handler: HttpHandler, key: string): Ask =>
  (path, asked) =>
    handler(requestEvent(path, key, asked), {} as Context);

/** A request as a function gets it: from afar with a key, or in process without one. */
export function requestEvent(path: string, key: string, { method = 'POST', body, cookies }: Asked = {}) {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { 'user-agent': BROWSER, ...(key && { authorization: `Bearer ${key}` }) },
    ...(cookies && { cookies }),
    requestContext: { http: { method, path: rawPath, userAgent: BROWSER, ...(key && { sourceIp: '192.0.2.1' }) } },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}
