import type { RouteName } from './routes.ts';

type Json = Record<string, unknown>;

const header = (name: string, description: string) => ({ name, in: 'header', description, schema: { type: 'string' } });
/** Headers a route looks at. */
export const HEADERS: Partial<Record<RouteName, Json[]>> = {
  evaluateFlags: [header('If-None-Match', 'The tag of the answer you have')],
  editExperiment: [header('If-Match', 'The revision you looked at, in quotes')],
  changeSettings: [header('If-Match', 'The revision you looked at, in quotes')],
};

const inQuery = (name: string, description: string, schema: Json) => ({ name, in: 'query', description, schema });
/** Routes that answer page by page, and what says which page. */
export const QUERIES: Partial<Record<RouteName, Json[]>> = {
  journeysJsonl: [
    inQuery('after', 'The last visitor of the page before; the first page when absent', {
      type: 'string',
      maxLength: 128,
    }),
  ],
  listReports: [inQuery('before', 'Only those written before this instant', { type: 'string', format: 'date-time' })],
};
export const NEXT = {
  description: 'Where the next page is, with `rel="next"` (RFC 8288); absent after the last',
  schema: { type: 'string' },
};
