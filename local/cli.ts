import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Experiment, Revision } from '#shared/experiment/experiment.ts';
import type { Report } from '#shared/report/report.ts';
import { reportText } from '#shared/report/text.ts';
import { journeyLines } from './journey-lines.ts';
import { adminKeyIn } from './local-keys.ts';

const USAGE = `stepladder COMMAND

  list                       all experiments
  apply FILE                 create an experiment from a JSON file, or give it a new definition
  show ID                    one experiment, as JSON
  start ID                   start it, or resume it
  pause ID                   everyone gets the control; nobody joins
  conclude ID [VARIANT]      stop counting; everyone gets VARIANT from now on (the control when absent)
  revisions ID               who changed what, and when
  report ID                  recount and judge now
  journeys ID                the journeys themselves, as JSON lines: npm run --silent stepladder -- journeys ID > FILE

  keys                       all keys of sites and servers
  add-key NAME [ORIGIN…]     a key for pages of these origins; without any, a secret key for servers
  rotate-key KEY [HOURS]     a new secret; the one before is good for so many hours more (168 when absent)
  revoke-key KEY             end it

The API is at STEPLADDER_URL (now: ${apiUrl()}); its key is STEPLADDER_KEY, or what npm start left in .data.
Keys are for the projects in STEPLADDER_PROJECTS (now: ${projects().join(' ')}).`;

type Answer<T> = { readonly status: number; readonly body: T };
type ProblemBody = {
  readonly detail?: string;
  readonly code?: string;
  readonly issues?: { path: (string | number)[]; message: string }[];
};

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

const [command = 'help', id = '', extra, ...rest] = process.argv.slice(2);
const commands: Record<string, () => Promise<void>> = {
  list: async () => {
    const { experiments } = await call<{ experiments: Experiment[] }>('GET', '/v1/experiments');
    if (experiments.length === 0) console.log('No experiments yet: stepladder apply FILE');
    for (const { id: each, status, revision, definition } of experiments)
      console.log(`${each.padEnd(28)} ${status.padEnd(10)} revision ${String(revision).padEnd(4)} ${definition.name}`);
  },
  apply: async () => {
    const definition = JSON.parse(await readFile(id, 'utf8')) as { id: string };
    const known = await request<Experiment>('GET', `/v1/experiments/${encodeURIComponent(definition.id)}`);
    const after =
      known.status === 404
        ? await call<Experiment>('POST', '/v1/experiments', definition)
        : await call<Experiment>('PUT', `/v1/experiments/${encodeURIComponent(definition.id)}`, definition);
    console.log(`${after.id} is ${after.status}, at revision ${after.revision}.`);
    if (after.status === 'draft') console.log(`Start it: npm run stepladder -- start ${after.id}`);
    const before = known.status === 200 ? known.body.sequences.length : after.sequences.length;
    if (after.sequences.length > before)
      console.log(
        `The steps changed, so this is sequence version ${after.sequences.length}; it is counted from nothing.`,
      );
  },
  show: async () => console.log(JSON.stringify(await call('GET', at(id)), null, 2)),
  start: () => move('start'),
  pause: () => move('pause'),
  conclude: () => move('conclude', extra ? { ship: extra } : {}),
  revisions: async () => {
    const { revisions } = await call<{ revisions: Revision[] }>('GET', `${at(id)}/revisions`);
    for (const { revision, at: when, by, action } of revisions)
      console.log(`${String(revision).padStart(4)}  ${new Date(when).toISOString()}  ${action.padEnd(10)} by ${by}`);
  },
  report: async () => console.log(reportText(await call<Report>('GET', `${at(id)}/report`))),
  journeys: async () => {
    let count = 0;
    const told = () => `${count.toLocaleString('en-US')} journeys of ${id}`;
    for await (const lines of journeyLines(`${apiUrl()}${at(id)}/journeys.jsonl`, asked)) {
      count += lines.split('\n').length - 1;
      // Beside the output, which may be a file; and no faster than its reader takes it.
      if (process.stderr.isTTY) process.stderr.write(`\r${told()}`);
      if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
    }
    process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${told()}\n`);
  },
  keys: async () => {
    const { keys } = await call<{ keys: Key[] }>('GET', '/v1/keys');
    if (keys.length === 0) console.log('No keys yet: stepladder add-key NAME [ORIGIN…]');
    for (const { id: each, kind, name, projects: of, origins, secrets, revokedAt } of keys) {
      const state = revokedAt ? `revoked ${new Date(revokedAt).toISOString()}` : `${secrets.length} secret(s)`;
      console.log(`${each}  ${kind.padEnd(11)}  ${state.padEnd(12)}  ${name}: ${[...of, ...origins].join(' ')}`);
    }
  },
  'add-key': async () => {
    const origins = extra === undefined ? [] : [extra, ...rest];
    const kind = origins.length > 0 ? 'publishable' : 'secret';
    printOnce(await call<Key>('POST', '/v1/keys', { kind, name: id, origins, projects: projects() }));
  },
  'rotate-key': async () => {
    const body = extra === undefined ? {} : { graceHours: Number(extra) };
    printOnce(await call<Key>('POST', `/v1/keys/${encodeURIComponent(id)}/rotate`, body));
  },
  'revoke-key': async () => {
    await call('DELETE', `/v1/keys/${encodeURIComponent(id)}`);
    console.log(`${id} is revoked; running functions notice within 15 seconds.`);
  },
  help: async () => console.log(USAGE),
};

const run = commands[command];
if (run === undefined || (id === '' && !['list', 'keys', 'help'].includes(command))) {
  console.error(USAGE);
  process.exit(2);
}
await run().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});

function apiUrl(): string {
  return process.env.STEPLADDER_URL ?? 'http://localhost:3000';
}

function projects(): string[] {
  return (process.env.STEPLADDER_PROJECTS ?? 'main').split(/[ ,]+/).filter(Boolean);
}

/** The key of the installation on this machine, and never sent to any other. */
function adminKey(): string | undefined {
  const { STEPLADDER_KEY, STEPLADDER_DATA } = process.env;
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(apiUrl()).hostname);
  const folder = STEPLADDER_DATA ?? new URL('../.data/', import.meta.url).pathname;
  return STEPLADDER_KEY ?? (isHere ? adminKeyIn(folder) : undefined);
}

function printOnce({ kind, key }: Key): void {
  console.log(key);
  // Beside the output, so that the key alone can be taken into a variable.
  console.error(`This is the only time this ${kind} key is shown.`);
}

function at(experiment: string): string {
  return `/v1/experiments/${encodeURIComponent(experiment)}`;
}

async function move(verb: 'start' | 'pause' | 'conclude', body: unknown = {}): Promise<void> {
  const { status, revision } = await call<Experiment>('POST', `${at(id)}/${verb}`, body);
  console.log(`${id} is ${status}, at revision ${revision}.`);
}

/** The answer of the API, or its refusal as text. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { status, body: answer } = await request<T & ProblemBody>(method, path, body);
  if (status < 400) return answer;
  throw refusal(status, answer);
}

/** A refusal as text: the sentence, and a line for every field. */
function refusal(status: number, { detail, issues = [] }: ProblemBody): Error {
  const lines = issues.map((issue) => `  ${issue.path.join('.') || '(the whole)'} ${issue.message}`);
  return new Error([detail ?? `the API answered ${status}`, ...lines].join('\n'));
}

async function request<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const answer = await send(method, apiUrl() + path, body);
  return { status: answer.status, body: (await answer.json()) as T };
}

/** The answer whatever its form, unless it is a refusal. */
async function asked(address: string): Promise<Response> {
  const answer = await send('GET', address);
  if (answer.ok) return answer;
  throw refusal(answer.status, (await answer.json()) as ProblemBody);
}

function send(method: string, address: string, body?: unknown): Promise<Response> {
  const key = adminKey();
  return fetch(address, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Error(`nothing answers at ${apiUrl()}; is npm start running? Another address: STEPLADDER_URL=…`, {
      cause,
    });
  });
}
