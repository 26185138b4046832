import { randomBytes } from 'node:crypto';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { redirect } from '#functions/api/redirect.ts';
import { pack } from '#shared/assignment/pack.ts';
import { Definition } from '#shared/experiment/definition.ts';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { dynamoDeps } from '#shared/store/dynamo/deps.ts';
import { createExperiment, moveExperiment } from '#shared/usecases/define-experiment.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { createTables, startEngine } from '../local/stand-ins/engine.ts';
import { httpServer } from '../local/stand-ins/http-server.ts';
import { quantile } from './support/quantile.ts';

// npx tsx bench/redirect.ts     what is measured, and what came of it: bench/redirect.md

const ROUNDS = 30;
const CLICKS_A_ROUND = 60;
const QUERY = 'utm_source=search&utm_campaign=spring&gclid=Cj0KCQjw-cGwBhDGARIsAEzD0r8';
const PATH = '/go/checkout';

type Click = () => Promise<void>;
type Line = { readonly name: string; readonly click: Click; readonly took: number[] };

const definition = Definition.parse({
  id: 'checkout',
  name: 'One ask or two',
  goal: 'buy',
  control: 'one-ask',
  variants: ['one-ask', 'ladder'].map((id) => ({
    id,
    name: id,
    steps: [{ id: 'buy', name: 'Buy', url: `https://shop.example/${id}` }],
  })),
});

const newId = () => randomBytes(16).toString('base64url');
const rethrow = (error: unknown) => {
  throw error;
};
const engine = await startEngine();
const tables = { catalog: 'catalog', journeys: 'journeys' };
await createTables(engine.client, tables);
const stored = dynamoDeps({
  client: engine.client,
  tables,
  clock: Date.now,
  newId,
  experimentMaxAgeMs: 60_000,
  elapsed: () => performance.now(),
});
await stored.secrets.prepare();
await createExperiment(stored, definition, newId(), 'bench');
await moveExperiment(stored, 'checkout', 'started', 'bench');
const experiment = await stored.experiments.find('checkout');
const packed = experiment && pack(experiment);
if (!packed) throw new Error('the experiment of the bench did not start');
const secret = await stored.secrets.tokenSecret();

/** The same redirect over stores that answer at once and keep nothing. */
const unstored = {
  ...stored,
  live: async () => ({ experiment, packed }),
  secrets: { ...stored.secrets, tokenSecret: async () => secret },
  journeys: { ...stored.journeys, record: async (news: Journey) => ({ before: undefined, after: news }) },
} as Deps;

const withStore = redirect(stored, rethrow);
const withoutStore = redirect(unstored, rethrow);
const handlersOf = (handler: HttpHandler) =>
  httpServer({ redirect: handler, site: handler, admin: handler } as Parameters<typeof httpServer>[0]);
const servers = [
  createServer((_, response) => {
    response.writeHead(302, { location: 'https://shop.example/', 'cache-control': 'private, no-store' }).end();
  }),
  handlersOf(withoutStore),
  handlersOf(withStore),
];
const [bare, light, whole] = await Promise.all(servers.map(listening));

const lines: Line[] = [
  { name: 'in process, no store', click: inProcess(withoutStore), took: [] },
  { name: 'in process, embedded engine', click: inProcess(withStore), took: [] },
  { name: 'local HTTP, bare node:http', click: overHttp(bare), took: [] },
  { name: 'local HTTP, no store', click: overHttp(light), took: [] },
  { name: 'local HTTP, embedded engine', click: overHttp(whole), took: [] },
];
for (let round = 0; round < ROUNDS; round++)
  for (let turn = 0; turn < lines.length; turn++) {
    const line = lines[(turn + round) % lines.length] as Line;
    for (let i = 0; i < CLICKS_A_ROUND; i++) {
      const start = performance.now();
      await line.click();
      if (round >= 3) line.took.push(performance.now() - start);
    }
  }
print();
for (const server of servers) {
  server.closeAllConnections();
  server.close();
}
await engine.stop();

/** Every click is a new visitor: no cookie, a journey to be made. */
function inProcess(handler: HttpHandler): Click {
  const event = {
    version: '2.0',
    rawPath: PATH,
    rawQueryString: QUERY,
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36' },
    requestContext: { http: { method: 'GET', path: PATH } },
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
  return async () => {
    const { statusCode } = await handler(event, {} as Context);
    if (statusCode !== 302) throw new Error(`the redirect answered ${statusCode}`);
  };
}

/** One connection that stays open, one request at a time: the latency of a click, not the throughput of a server. */
function overHttp(port = 0): Click {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const options = {
    agent,
    port,
    host: '127.0.0.1',
    path: `${PATH}?${QUERY}`,
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0' },
  };
  return () =>
    new Promise((resolve, reject) => {
      request(options, (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 302) resolve();
          else reject(new Error(`the redirect answered ${response.statusCode}`));
        });
      })
        .once('error', reject)
        .end();
    });
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

function print(): void {
  console.log(`A redirect for a new visitor, ${lines[0]?.took.length} clicks each, one at a time, in turn\n`);
  const row = (...cells: readonly string[]) =>
    console.log(
      (cells[0] ?? '').padEnd(32) +
        cells
          .slice(1)
          .map((cell) => cell.padStart(12))
          .join(''),
    );
  row('', 'p50 ms', 'p99 ms', 'x bare HTTP');
  const scale = quantile(lines[2]?.took ?? [], 0.5);
  for (const { name, took } of lines)
    row(
      name,
      quantile(took, 0.5).toFixed(3),
      quantile(took, 0.99).toFixed(3),
      (quantile(took, 0.5) / scale).toFixed(2),
    );
}
