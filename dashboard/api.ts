/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Delivery } from '#shared/deliver/ports.ts';
import type { Definition } from '#shared/experiment/definition.ts';
import type { Experiment, Revision } from '#shared/experiment/experiment.ts';
import type { Counters, Tally } from '#shared/tally/tally.ts';

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

const KEY = 'stepladder-key';
/** Told when the API wants a key it was not given. */
export const KEY_NEEDED = 'stepladder-key-needed';

export const keepKey = (key: string): void => localStorage.setItem(KEY, key.trim());

/** A local installation prints a link with its key behind the `#`, where no server sees it; it is kept and taken out of sight. */
export function takeKeyFromAddress(): void {
  const key = /^#key=([\w-]+)$/.exec(location.hash)?.[1];
  if (key === undefined) return;
  keepKey(key);
  history.replaceState(null, '', '#/');
}

async function call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const key = localStorage.getItem(KEY);
  const answer = await fetch(path, {
    method,
    headers: {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refusal('The API does not answer. Is it running, and are you online?', 'unreachable', []);
  });
  const content = (await answer.json().catch(() => ({}))) as T & { detail?: string; code?: string; issues?: Issue[] };
  if (answer.ok) return content;
  if (content.code === 'key.missing' || content.code === 'key.unknown') dispatchEvent(new Event(KEY_NEEDED));
  throw new Refusal(
    content.detail ?? `The API answered ${answer.status}.`,
    content.code ?? String(answer.status),
    content.issues ?? [],
  );
}

const at = (id: string, rest = ''): string => `/v1/experiments/${encodeURIComponent(id)}${rest}`;

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
};

export const links = {
  reportHtml: (id: string) => at(id, '/report.html'),
  reportJson: (id: string) => at(id, '/report'),
  reportCsv: (id: string) => at(id, '/report.csv'),
  laddersCsv: (id: string) => at(id, '/ladders.csv'),
  /** The redirect under its preview mark: shows a variant, counts nothing. */
  preview: ({ id }: Experiment, variant: string) =>
    `/go/${encodeURIComponent(id)}?stepladder_variant=${encodeURIComponent(variant)}`,
};

export type { Definition, Delivery, Experiment, Revision };
