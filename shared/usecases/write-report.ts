import { Problem } from '../problem/problem.ts';
import type { Report } from '../report/report.ts';
import { findExperiment } from './define-experiment.ts';
import type { Deps as AllDeps } from './deps.ts';
import { recountWithDrift } from './recount.ts';

type Deps = Pick<AllDeps, 'experiments' | 'journeys' | 'tallies' | 'reports' | 'clock'>;

/** Recounts an experiment from its journeys and judges it as of now. */
export async function readReport(deps: Deps, id: string): Promise<Report> {
  const experiment = await findExperiment(deps.experiments, id);
  if (experiment.status === 'draft')
    throw new Problem('report.not-found', `${id} has not been started, so there is nothing to report yet`);
  const { tally, drift } = await recountWithDrift(deps, experiment);
  // A hundred kilobytes of statistics, loaded with the first report: most calls of the function that serves it need none.
  const { composeReport } = await import('../report/compose.ts');
  return composeReport(experiment, tally, drift, deps.clock());
}

/** The same, kept for the record with the page it makes. */
export async function writeReport(deps: Deps, id: string): Promise<{ readonly report: Report; readonly html: string }> {
  const report = await readReport(deps, id);
  const html = await reportPage(report);
  await deps.reports.put(report, html);
  return { report, html };
}

/** The plotting library is loaded with the first page: most calls of the function that serves it never need one. */
export const reportPage = async (report: Report): Promise<string> =>
  (await import('../report/html.ts')).reportHtml(report);
