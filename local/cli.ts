import { readFile } from 'node:fs/promises';
import type { Experiment, Revision } from '#shared/experiment/experiment.ts';
import type { Report } from '#shared/report/report.ts';
import { reportText } from '#shared/report/text.ts';

const USAGE = `stepladder COMMAND

  list                       all experiments
  apply FILE                 create an experiment from a JSON file, or give it a new definition
  show ID                    one experiment, as JSON
  start ID                   start it, or resume it
  pause ID                   everyone gets the control; nobody joins
  conclude ID [VARIANT]      stop counting; everyone gets VARIANT from now on (the control when absent)
  revisions ID               who changed what, and when
  report ID                  recount and judge now

The API is at STEPLADDER_URL (now: ${apiUrl()}).`;

type Answer<T> = { readonly status: number; readonly body: T };
type ProblemBody = {
  readonly detail?: string;
  readonly code?: string;
  readonly issues?: { path: (string | number)[]; message: string }[];
};

const [command = 'help', id = '', extra] = process.argv.slice(2);
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
  help: async () => console.log(USAGE),
};

const run = commands[command];
if (run === undefined || (id === '' && !['list', 'help'].includes(command))) {
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

function at(experiment: string): string {
  return `/v1/experiments/${encodeURIComponent(experiment)}`;
}

async function move(verb: 'start' | 'pause' | 'conclude', body: unknown = {}): Promise<void> {
  const { status, revision } = await call<Experiment>('POST', `${at(id)}/${verb}`, body);
  console.log(`${id} is ${status}, at revision ${revision}.`);
}

/** The answer of the API, or its refusal as text: the sentence, and a line for every field. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { status, body: answer } = await request<T & ProblemBody>(method, path, body);
  if (status < 400) return answer;
  const issues = (answer.issues ?? []).map((issue) => `  ${issue.path.join('.') || '(the whole)'} ${issue.message}`);
  throw new Error([answer.detail ?? `the API answered ${status}`, ...issues].join('\n'));
}

async function request<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const answer = await fetch(apiUrl() + path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch((cause: unknown) => {
    throw new Error(`nothing answers at ${apiUrl()}; is npm start running? Another address: STEPLADDER_URL=…`, {
      cause,
    });
  });
  return { status: answer.status, body: (await answer.json()) as T };
}
