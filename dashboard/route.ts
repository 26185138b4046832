export const TABS = ['live', 'reports', 'deliveries', 'history'] as const;
export type Tab = (typeof TABS)[number];

/** Pages that are about no experiment of their own. */
const PLAIN = ['new', 'frictions', 'keys', 'installation'] as const;

/** Where one is. Pages live behind the `#`, so that any static host serves them all with one file. */
export type Route =
  | { readonly page: 'list' | 'new' | 'frictions' | 'keys' | 'installation' }
  | { readonly page: 'edit'; readonly id: string }
  | { readonly page: 'experiment'; readonly id: string; readonly tab: Tab; readonly report?: number };

/** @example routeOf('#/experiments/trial/reports') // { page: 'experiment', id: 'trial', tab: 'reports' } */
export function routeOf(hash: string): Route {
  const [, first, id, rest, report] = hash.split('/').map(decoded);
  const plain = PLAIN.find((each) => each === first);
  if (plain) return { page: plain };
  if (first !== 'experiments' || !id) return { page: 'list' };
  if (rest === 'edit') return { page: 'edit', id };
  const tab = TABS.find((each) => each === rest) ?? 'live';
  const writtenAt = tab === 'reports' && report ? Date.parse(report) : Number.NaN;
  return { page: 'experiment', id, tab, ...(!Number.isNaN(writtenAt) && { report: writtenAt }) };
}

/** The address of a page: the same, backwards. */
export const address = {
  list: '#/',
  new: '#/new',
  frictions: '#/frictions',
  keys: '#/keys',
  installation: '#/installation',
  edit: (id: string) => `#/experiments/${encodeURIComponent(id)}/edit`,
  experiment: (id: string, tab: Tab = 'live') =>
    `#/experiments/${encodeURIComponent(id)}${tab === 'live' ? '' : `/${tab}`}`,
  report: (id: string, writtenAt: number) =>
    `#/experiments/${encodeURIComponent(id)}/reports/${encodeURIComponent(new Date(writtenAt).toISOString())}`,
} as const;

/** What is no valid percent-encoding names nothing, and is taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
