import { JourneysQuery } from '#shared/contracts/paging.ts';
import { routes } from '#shared/contracts/routes.ts';
import { type Endpoint, endpoint } from '#shared/http/endpoint.ts';
import { nextPage } from '#shared/http/next-page.ts';
import { parsed } from '#shared/http/parsed.ts';
import { text } from '#shared/http/reply.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { exportJourneys } from '#shared/usecases/export-journeys.ts';

/** The journeys themselves, for administrators. */
export const journeyEndpoints = (deps: Deps): Endpoint[] => [
  endpoint(routes.journeysJsonl, async ({ path, query }) => {
    const id = path.experiment ?? '';
    const { after } = parsed(JourneysQuery, Object.fromEntries(query), 'the query');
    const { lines, next } = await exportJourneys(deps, id, after);
    const address = routes.journeysJsonl.path.replace('{experiment}', encodeURIComponent(id));
    const link = nextPage(address, next === undefined ? undefined : { after: next });
    return text('application/x-ndjson', lines, undefined, link);
  }),
];
