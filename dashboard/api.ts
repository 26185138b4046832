/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type { Definition } from '#shared/experiment/definition.ts';
import type { Experiment, Revision } from '#shared/experiment/experiment.ts';
import type { FrictionRow } from '#shared/report/frictions.ts';
import type { ReportHeadline } from '#shared/report/headline.ts';
import type { Report } from '#shared/report/report.ts';
import type { Counters, Tally } from '#shared/tally/tally.ts';
import type { Delivery } from '#shared/usecases/delivery.ts';
import type { ApiKey, KeySecret } from '#shared/usecases/ports.ts';
import { authorization, forgetTokens, redirectOrigin } from './session/session.ts';

export type Issue = { readonly path: readonly (string | number)[]; readonly message: string };

/** What the API refused, in its own words. */
export class Refusal extends Error {
  readonly issues: readonly Issue[];
  readonly code: string;
  constructor(detail: string, code: string, issues: readonly Issue[]) {
    super(detail);
    this.code = code;
    this.issues = issues;
  }
}

/** Told when the API does not know who is asking. */
export const SIGN_IN_NEEDED = 'stepladder-sign-in-needed';

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const given = await authorization();
  const answer = await fetch(path, {
    method,
    headers: {
      ...(given && { authorization: given }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refusal('The API does not answer. Is it running, and are you online?', 'unreachable', []);
  });
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => ({}))) as { detail?: string; code?: string; issues?: Issue[] };
  if (answer.status === 401) {
    forgetTokens();
    dispatchEvent(new Event(SIGN_IN_NEEDED));
  }
  throw new Refusal(
    told.detail ?? (answer.status === 401 ? 'You are not signed in any more.' : `The API answered ${answer.status}.`),
    told.code ?? String(answer.status),
    told.issues ?? [],
  );
}

const call = async <T>(...request: Parameters<typeof send>): Promise<T> => (await (await send(...request)).json()) as T;

const at = (id: string, rest = ''): string => `/v1/experiments/${encodeURIComponent(id)}${rest}`;
const instant = (ms: number): string => new Date(ms).toISOString();

/** A key as the API shows it: its secrets by their dates alone. */
export type ShownKey = Omit<ApiKey, 'secrets' | 'revision'> & { readonly secrets: readonly Omit<KeySecret, 'hash'>[] };
/** The only time the text of a key is seen. */
export type IssuedKey = ShownKey & { readonly key: string };

/** What holds for the whole installation, and who changed it when. */
export type Settings = {
  readonly revision: number;
  readonly holdout: number;
  readonly revisions: readonly {
    readonly revision: number;
    readonly at: number;
    readonly by: string;
    readonly holdout: number;
  }[];
};

export const api = {
  list: async () => (await call<{ experiments: Experiment[] }>('GET', '/v1/experiments')).experiments,
  find: (id: string) => call<Experiment>('GET', at(id)),
  create: (definition: unknown) => call<Experiment>('POST', '/v1/experiments', definition),
  /** Names the revision the editor was opened with: an edit of a stale page is refused. */
  edit: (definition: { id: string }, revision: number) =>
    call<Experiment>('PUT', at(definition.id), definition, { 'if-match': `"${revision}"` }),
  start: (id: string) => call<Experiment>('POST', at(id, '/start'), {}),
  pause: (id: string) => call<Experiment>('POST', at(id, '/pause'), {}),
  conclude: (id: string, ship: string) => call<Experiment>('POST', at(id, '/conclude'), { ship }),
  ship: (id: string, ship: string) => call<Experiment>('POST', at(id, '/ship'), { ship }),
  revisions: async (id: string) => (await call<{ revisions: Revision[] }>('GET', at(id, '/revisions'))).revisions,
  deliveries: (id: string) => call<{ deliveries: Delivery[]; webhookSecret?: string }>('GET', at(id, '/deliveries')),
  tally: async (id: string): Promise<Tally> =>
    new Map(Object.entries((await call<{ cells: Record<string, Counters> }>('GET', at(id, '/tally'))).cells)),
  /** The reports that were written, newest first, and whether there are older ones. */
  reports: async (id: string, before?: number) => {
    const answer = await send('GET', at(id, before === undefined ? '/reports' : `/reports?before=${instant(before)}`));
    const { reports } = (await answer.json()) as { reports: ReportHeadline[] };
    return { reports, more: answer.headers.has('link') };
  },
  report: (id: string, writtenAt: number) => call<Report>('GET', at(id, `/reports/${instant(writtenAt)}`)),
  /** All journeys as JSON lines, an answer at a time. */
  journeys: async function* (id: string): AsyncIterable<string> {
    for (let path: string | undefined = at(id, '/journeys.jsonl'); path; ) {
      const answer = await send('GET', path);
      yield await answer.text();
      path = /^<(\/[^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }
  },
  frictions: async () => (await call<{ frictions: FrictionRow[] }>('GET', '/v1/frictions')).frictions,
  settings: () => call<Settings>('GET', '/v1/settings'),
  /** Names the revision one has looked at, 0 before the first. */
  changeHoldout: (holdout: number, revision: number) =>
    call<unknown>('PUT', '/v1/settings', { holdout }, { 'if-match': `"${revision}"` }),
  rotateTokenSecret: (leaked: boolean) => call<unknown>('POST', '/v1/token-secret/rotate', { leaked }),
  /** The experiments a visitor was erased from. */
  eraseVisitor: async (visitor: string) =>
    (await call<{ erasedFrom: string[] }>('DELETE', `/v1/visitors/${encodeURIComponent(visitor)}`)).erasedFrom,
  keys: async () => (await call<{ keys: ShownKey[] }>('GET', '/v1/keys')).keys,
  createKey: (wish: unknown) => call<IssuedKey>('POST', '/v1/keys', wish),
  rotateKey: (id: string, graceHours: number) =>
    call<IssuedKey>('POST', `/v1/keys/${encodeURIComponent(id)}/rotate`, { graceHours }),
  revokeKey: (id: string) => call<ShownKey>('DELETE', `/v1/keys/${encodeURIComponent(id)}`),
  /** Something to read or to keep, fetched with the token that a link cannot carry. */
  document: async (path: string) => (await send('GET', path)).blob(),
};

export const links = {
  reportHtml: (id: string) => at(id, '/report.html'),
  reportJson: (id: string) => at(id, '/report'),
  reportCsv: (id: string) => at(id, '/report.csv'),
  metricsCsv: (id: string) => at(id, '/metrics.csv'),
  frictionsCsv: '/v1/frictions.csv',
  laddersCsv: (id: string) => at(id, '/ladders.csv'),
  keptHtml: (id: string, writtenAt: number) => at(id, `/reports/${instant(writtenAt)}/report.html`),
  keptJson: (id: string, writtenAt: number) => at(id, `/reports/${instant(writtenAt)}`),
  /** Where visitors come in. */
  redirect: ({ id }: Experiment) => `${redirectOrigin()}/go/${encodeURIComponent(id)}`,
  /** The same under its preview mark: shows a variant, counts nothing. */
  preview: (experiment: Experiment, variant: string) =>
    `${links.redirect(experiment)}?stepladder_variant=${encodeURIComponent(variant)}`,
};

export type { Definition, Delivery, Experiment, Report, ReportHeadline, Revision };
