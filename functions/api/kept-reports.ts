import { ReportsQuery } from '#shared/contracts/paging.ts';
import { routes } from '#shared/contracts/routes.ts';
import { instant } from '#shared/experiment/instant.ts';
import { type Endpoint, endpoint } from '#shared/http/endpoint.ts';
import { nextPage } from '#shared/http/next-page.ts';
import { parsed } from '#shared/http/parsed.ts';
import { json, text } from '#shared/http/reply.ts';
import { Problem } from '#shared/problem/problem.ts';
import { REPORT_CSP } from '#shared/report/csp.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { findKeptReport, listKeptReports } from '#shared/usecases/read-kept-reports.ts';

/** The reports that the schedule wrote, as they were on their day. */
export const keptReportEndpoints = (deps: Deps): Endpoint[] => {
  const kept = ({ experiment = '', report = '' }: Readonly<Record<string, string>>) => {
    // An address that is no instant names no report, as any other that is not there.
    if (!instant.safeParse(report).success)
      throw new Problem('report.not-found', `no report of ${experiment} is called ${report.slice(0, 64)}`);
    return findKeptReport(deps, experiment, Date.parse(report));
  };
  return [
    endpoint(routes.listReports, async ({ path, query }) => {
      const id = path.experiment ?? '';
      const { before } = parsed(ReportsQuery, Object.fromEntries(query), 'the query');
      const { headlines, next } = await listKeptReports(
        deps,
        id,
        before === undefined ? undefined : Date.parse(before),
      );
      const address = routes.listReports.path.replace('{experiment}', encodeURIComponent(id));
      return json(
        200,
        { reports: headlines },
        nextPage(address, next === undefined ? undefined : { before: new Date(next).toISOString() }),
      );
    }),
    endpoint(routes.findReport, async ({ path }) => json(200, (await kept(path)).report)),
    endpoint(routes.findReportHtml, async ({ path }) =>
      text('text/html', (await kept(path)).html, undefined, { 'content-security-policy': REPORT_CSP }),
    ),
  ];
};
