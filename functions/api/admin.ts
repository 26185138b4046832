import { LinkRequest, RecipientsRequest } from '#shared/contracts/links.ts';
import { routes } from '#shared/contracts/routes.ts';
import { ConcludeRequest, ShipRequest } from '#shared/contracts/ship.ts';
import { Definition } from '#shared/experiment/definition.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { type Gate, openGate } from '#shared/http/access.ts';
import { endpoint, type HttpHandler, httpHandler, type ReportBug } from '#shared/http/endpoint.ts';
import { parsed } from '#shared/http/parsed.ts';
import { json, text } from '#shared/http/reply.ts';
import { Problem } from '#shared/problem/problem.ts';
import { REPORT_CSP } from '#shared/report/csp.ts';
import { laddersCsv, metricsCsv, reportCsv } from '#shared/report/csv.ts';
import { webhookSecret } from '#shared/token/sign-webhook.ts';
import { createLink } from '#shared/usecases/create-link.ts';
import {
  createExperiment,
  editExperiment,
  findExperiment,
  moveExperiment,
} from '#shared/usecases/define-experiment.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { enrolRecipients } from '#shared/usecases/enrol-recipients.ts';
import { findLive } from '#shared/usecases/live-experiments.ts';
import { recount } from '#shared/usecases/recount.ts';
import { shipVariant } from '#shared/usecases/ship-variant.ts';
import { publishAsDefined } from '#shared/usecases/tell-edge.ts';
import { readReport, reportPage } from '#shared/usecases/write-report.ts';
import { frictionEndpoints } from './frictions.ts';
import { ifMatch } from './if-match.ts';
import { journeyEndpoints } from './journeys.ts';
import { keptReportEndpoints } from './kept-reports.ts';
import { keyEndpoints } from './keys.ts';
import { operationEndpoints } from './operations.ts';
import { settingsEndpoints } from './settings.ts';

/** The revision is the entity tag: send it back as `If-Match` and an edit of a stale page is refused. */
const shown = (experiment: Experiment, status = 200) => json(status, experiment, { etag: `"${experiment.revision}"` });

type Options = {
  /** Who may come in. API Gateway has checked the signature before; local installations check a key. */
  readonly gate?: Gate;
  /** The OpenAPI document. Made when the functions are bundled, because what makes it is larger than what else is in here. */
  readonly openApi?: () => string;
};

/** What people who run experiments call: define, start, pause, conclude, read. */
export const adminApi = (deps: Deps, reportBug: ReportBug, { gate = openGate, openApi }: Options = {}): HttpHandler => {
  const { experiments } = deps;
  return httpHandler(
    [
      endpoint(routes.listExperiments, async () => json(200, { experiments: await experiments.list() })),
      endpoint(routes.findExperiment, async ({ path }) =>
        shown(await findExperiment(experiments, path.experiment ?? '')),
      ),
      endpoint(routes.createExperiment, async ({ body, caller }) =>
        shown(await createExperiment(deps, parsed(Definition, body, 'the definition'), deps.newId(), caller), 201),
      ),
      endpoint(routes.editExperiment, async ({ path, body, headers, caller }) => {
        const definition = parsed(Definition, body, 'the definition');
        if (definition.id !== path.experiment)
          throw new Problem('request.invalid', 'the definition is of another experiment', [
            { path: ['id'], message: `is ${definition.id}, but the address says ${path.experiment}` },
          ]);
        return shown(await editExperiment(deps, definition, ifMatch(headers), caller));
      }),
      endpoint(routes.startExperiment, async ({ path, caller }) => {
        const { id, status } = await findExperiment(experiments, path.experiment ?? '');
        await deps.secrets.prepare();
        return shown(await moveExperiment(deps, id, status === 'paused' ? 'resumed' : 'started', caller));
      }),
      endpoint(routes.pauseExperiment, async ({ path, caller }) =>
        shown(await moveExperiment(deps, path.experiment ?? '', 'paused', caller)),
      ),
      endpoint(routes.concludeExperiment, async ({ path, body, caller }) => {
        const { ship } = parsed(ConcludeRequest, body, 'the conclusion');
        return shown(await moveExperiment(deps, path.experiment ?? '', 'concluded', caller, ship));
      }),
      endpoint(routes.listRevisions, async ({ path }) => {
        const { id } = await findExperiment(experiments, path.experiment ?? '');
        return json(200, { revisions: await experiments.revisions(id) });
      }),
      endpoint(routes.shipVariant, async ({ path, body, caller }) => {
        const { ship } = parsed(ShipRequest, body, 'the request');
        return shown(await shipVariant(deps, path.experiment ?? '', ship, caller));
      }),
      endpoint(routes.publishExperiment, async ({ path }) => {
        if (deps.edge === undefined)
          throw new Problem('edge.none', 'this installation has no edge; its redirects are answered by the function');
        return json(200, await publishAsDefined({ ...deps, edge: deps.edge }, path.experiment ?? ''));
      }),
      endpoint(routes.report, async ({ path }) => json(200, await readReport(deps, path.experiment ?? ''))),
      endpoint(routes.reportHtml, async ({ path }) => {
        const page = await reportPage(await readReport(deps, path.experiment ?? ''));
        return text('text/html', page, undefined, { 'content-security-policy': REPORT_CSP });
      }),
      endpoint(routes.reportCsv, async ({ path }) => {
        const report = await readReport(deps, path.experiment ?? '');
        return text('text/csv', reportCsv(report), `${report.experiment.id}-report.csv`);
      }),
      endpoint(routes.metricsCsv, async ({ path }) => {
        const report = await readReport(deps, path.experiment ?? '');
        return text('text/csv', metricsCsv(report), `${report.experiment.id}-metrics.csv`);
      }),
      endpoint(routes.laddersCsv, async ({ path }) => {
        const experiment = await findExperiment(experiments, path.experiment ?? '');
        return text('text/csv', laddersCsv(await recount(deps, experiment)), `${experiment.id}-ladders.csv`);
      }),
      endpoint(routes.listDeliveries, async ({ path, readsOnly }) => {
        const { id, definition } = await findExperiment(experiments, path.experiment ?? '');
        const isSigned = definition.reporting?.webhook !== undefined && !readsOnly;
        const secret = isSigned && webhookSecret(await deps.secrets.recipientSecret(), id);
        return json(200, { deliveries: await deps.deliveries.list(id), ...(secret && { webhookSecret: secret }) });
      }),
      endpoint(routes.createLink, async ({ body }) => {
        const { sentAt, ...wishes } = parsed(LinkRequest, body, 'the link');
        const link = await createLink(deps, { ...wishes, ...(sentAt && { sentAt: Date.parse(sentAt) }) });
        return json(201, { ...link, path: `/l/${link.id}/{recipient}` });
      }),
      endpoint(routes.enrolRecipients, async ({ body }) => {
        const { experiment, recipients } = parsed(RecipientsRequest, body, 'the request');
        const live = experiment === undefined ? undefined : await findLive(deps.live, experiment);
        return json(200, {
          recipients: await enrolRecipients(deps, recipients, await deps.secrets.recipientSecret(), live),
        });
      }),
      endpoint(routes.liveTally, async ({ path }) => {
        const { id } = await findExperiment(experiments, path.experiment ?? '');
        return json(200, { experiment: id, cells: Object.fromEntries(await deps.tallies.read(id, 'live')) });
      }),
      ...frictionEndpoints(deps),
      ...keptReportEndpoints(deps),
      ...journeyEndpoints(deps),
      ...keyEndpoints(deps),
      ...operationEndpoints(deps),
      ...settingsEndpoints(deps),
      endpoint(routes.openApi, async () => {
        if (openApi === undefined)
          throw new Problem('route.not-found', 'this installation was made without its document');
        return {
          statusCode: 200,
          headers: {
            'content-type': 'application/json',
            'cache-control': 'public, max-age=300',
            'access-control-allow-origin': '*',
          },
          body: openApi(),
        };
      }),
    ],
    reportBug,
    gate,
  );
};
