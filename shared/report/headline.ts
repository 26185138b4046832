import type { Verdict } from '../verdict/verdict.ts';
import { verdictLabel } from './next-steps.ts';
import type { Estimate, Report } from './report.ts';

/** What a list of reports shows of each: how the verdict stood, and on what numbers. */
export type ReportHeadline = {
  readonly writtenAt: number;
  readonly revision: number;
  readonly verdict: Pick<Verdict, 'kind' | 'variant' | 'sentence'>;
  /** The verdict in a few words. */
  readonly label: string;
  /** Visitors of the cohorts that counted. */
  readonly counted: number;
  readonly drift: number;
  readonly variants: readonly {
    readonly id: string;
    readonly name: string;
    readonly control: boolean;
    readonly counted: number;
    readonly goals: number;
    readonly goalRate: Estimate;
    readonly best: number;
  }[];
};

export function headlineOf(report: Report): ReportHeadline {
  const { writtenAt, experiment, drift, headcount, variants } = report;
  const { kind, variant, sentence } = report.verdict;
  return {
    writtenAt,
    revision: experiment.revision,
    verdict: { kind, sentence, ...(variant !== undefined && { variant }) },
    label: verdictLabel(report),
    counted: headcount.counted,
    drift,
    variants: variants.map(({ id, name, control, counted, goals, goalRate, best }) => ({
      id,
      name,
      control,
      counted,
      goals,
      goalRate,
      best,
    })),
  };
}
