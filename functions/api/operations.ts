import { routes } from '#shared/contracts/routes.ts';
import { RotateSecretRequest } from '#shared/contracts/secrets.ts';
import { VisitorId } from '#shared/contracts/visitor.ts';
import { type Endpoint, endpoint } from '#shared/http/endpoint.ts';
import { parsed } from '#shared/http/parsed.ts';
import { json } from '#shared/http/reply.ts';
import { findExperiment } from '#shared/usecases/define-experiment.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { eraseVisitor } from '#shared/usecases/erase-visitor.ts';
import { repairTallies } from '#shared/usecases/repair-tallies.ts';

/** What keeps an installation in order, for administrators. */
export const operationEndpoints = (deps: Deps): Endpoint[] => [
  endpoint(routes.repairTallies, async ({ path }) => {
    const experiment = await findExperiment(deps.experiments, path.experiment ?? '');
    return json(200, { experiment: experiment.id, ...(await repairTallies(deps, experiment)) });
  }),
  endpoint(routes.rotateTokenSecret, async ({ body }) => {
    const { leaked } = parsed(RotateSecretRequest, body ?? {}, 'the request');
    await deps.secrets.prepare();
    return json(200, await deps.secrets.rotateTokenSecret(leaked ? 'leaked' : 'due'));
  }),
  endpoint(routes.eraseVisitor, async ({ path }) =>
    json(200, { erasedFrom: await eraseVisitor(deps, parsed(VisitorId, path.visitor, 'the visitor')) }),
  ),
];
