import { Problem } from '../problem/problem.ts';
import type { ReportHeadline } from '../report/headline.ts';
import { findExperiment } from './define-experiment.ts';
import type { Experiments, KeptReport, Reports } from './ports.ts';

/** A month of daily reports on one page. */
export const HEADLINES = 31;

type Deps = { readonly experiments: Experiments; readonly reports: Reports };

/** The reports that were written of an experiment, newest first, and from when on to ask for the older ones. */
export async function listKeptReports(
  { experiments, reports }: Deps,
  id: string,
  before?: number,
): Promise<{ readonly headlines: readonly ReportHeadline[]; readonly next: number | undefined }> {
  await findExperiment(experiments, id);
  const headlines = await reports.headlines(id, HEADLINES, before);
  return { headlines, next: headlines.length < HEADLINES ? undefined : headlines.at(-1)?.writtenAt };
}

/** A report as it was written, and its page as it was sent. Refuses with `report.not-found`. */
export async function findKeptReport({ experiments, reports }: Deps, id: string, at: number): Promise<KeptReport> {
  await findExperiment(experiments, id);
  const kept = await reports.find(id, at);
  if (kept === undefined)
    throw new Problem('report.not-found', `no report of ${id} was written at ${new Date(at).toISOString()}`);
  return kept;
}
