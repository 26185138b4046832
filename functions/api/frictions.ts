import { routes } from '#shared/contracts/routes.ts';
import { type Endpoint, endpoint } from '#shared/http/endpoint.ts';
import { json, text } from '#shared/http/reply.ts';
import { frictionsCsv } from '#shared/report/csv.ts';
import { compareFrictions } from '#shared/usecases/compare-frictions.ts';
import type { Deps } from '#shared/usecases/deps.ts';

/** What makes steps hard, across experiments. */
export const frictionEndpoints = (deps: Deps): Endpoint[] => [
  endpoint(routes.listFrictions, async () => json(200, { frictions: await compareFrictions(deps) })),
  endpoint(routes.frictionsCsv, async () =>
    text('text/csv', frictionsCsv(await compareFrictions(deps)), 'frictions.csv'),
  ),
];
