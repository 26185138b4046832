import type { Metric, MetricKind } from '../experiment/metric.ts';
import { type Measure, matureAfterMs, type Sequence } from '../experiment/sequence.ts';
import { estimateMean } from '../statistics/mean.ts';
import { type Normal, normalInterval } from '../statistics/normal.ts';
import {
  atMostAtCap,
  isMetricMature,
  isRatio,
  type MetricCohort,
  type MetricSums,
  metricCohorts,
  sumOfCubes,
} from '../tally/metric-counts.ts';
import type { Cell, Tally } from '../tally/tally.ts';
import { metricStandings } from '../verdict/metric-standing.ts';
import type { Estimate } from './report.ts';
import { type ReturnWeeks, returnWeeks } from './return-weeks.ts';

/** What was measured besides the ladder, among the visitors whose measure is final. */
export type MetricReport = {
  readonly id: string;
  readonly name: string;
  readonly kind: MetricKind;
  readonly better: 'higher' | 'lower';
  /** Of `value` and `count`: the most a visitor counts with. */
  readonly cap: number | null;
  readonly matureAfterDays: number;
  readonly variants: readonly MetricVariant[];
  /** Of `return` only. */
  readonly weeks: ReturnWeeks | null;
};

export type MetricVariant = {
  readonly variant: string;
  /** Human visitors whose measure is final, and those whose is not yet. */
  readonly visitors: number;
  readonly immature: number;
  /** Of those, visitors with anything at all. */
  readonly any: number;
  /** Per visitor; of `response` and `depth` per commitment, with the visitor as the unit. */
  readonly level: Estimate | null;
  /** The same as it is computed with: mean and standard error. */
  readonly belief: Normal | null;
  readonly comparison: {
    /** Treatment minus control. */
    readonly difference: Estimate;
    readonly ratio: { readonly estimate: number; readonly low: number; readonly high: number } | null;
    /** P(better than the control), in the direction that is good. */
    readonly better: number;
  } | null;
  /** Of `value` and `count`, where the histogram tells: are there enough visitors for so skewed an amount? */
  readonly trust: { readonly skewness: number; readonly visitorsNeeded: number; readonly trusted: boolean } | null;
  /** Visitors who may be at the cap: those of its bucket, so at most. */
  readonly atCap: number | null;
};

type Humans = (cell: Cell) => boolean;

/** A metric as people wrote it, with how the current sequence measures it. */
export type Measured = { readonly metric: Metric; readonly measure: Measure };

/** The metrics of a definition that the sequence measures: those of older sequences were never counted. */
export const measuredMetrics = (metrics: readonly Metric[], sequence: Sequence): Measured[] =>
  metrics.flatMap((metric) => {
    const measure = sequence.metrics?.find(({ id }) => id === metric.id);
    return measure ? [{ metric, measure }] : [];
  });

export const metricReports = (
  tally: Tally,
  measured: readonly Measured[],
  sequence: Sequence,
  asOf: number,
  human: Humans,
): MetricReport[] =>
  measured.map(({ metric, measure }) => {
    const mature = isMetricMature(measure, asOf);
    const cohorts = metricCohorts(tally, sequence, measure, (cell) => human(cell) && mature(cell));
    const waiting = metricCohorts(tally, sequence, measure, (cell) => human(cell) && !mature(cell));
    const cap = 'cap' in measure ? measure.cap : null;
    const standings = metricStandings(cohorts, Object.keys(sequence.ladders), sequence.control, isRatio(measure));
    return {
      id: metric.id,
      name: metric.name,
      kind: metric.kind,
      better: metric.better,
      cap,
      matureAfterDays: matureAfterMs(measure) / 86_400_000,
      variants: standings.map(({ variant, sums, belief, comparison }): MetricVariant => {
        return {
          variant,
          visitors: sums.count,
          immature: visitorsOf(waiting, variant),
          any: sums.any,
          level: belief && { mean: belief.mean, ...notBelowZero(normalInterval(belief)) },
          belief,
          comparison: comparison && {
            difference: { mean: comparison.difference, ...comparison.differenceInterval },
            ratio: comparison.ratio && { estimate: comparison.ratio.estimate, ...comparison.ratio.interval },
            better: metric.better === 'higher' ? comparison.beatsControl : 1 - comparison.beatsControl,
          },
          trust: cap === null ? null : trustOf(sums, cap),
          atCap: cap === null || !hasHistogram(sums) ? null : atMostAtCap(sums.buckets, cap),
        };
      }),
      weeks: measure.kind === 'return' ? returnWeeks({ tally, measure, sequence, cohorts, asOf, human }) : null,
    };
  });

/** No metric is below zero, so an interval that reaches there says more about the normal curve than about the visitors. */
const notBelowZero = ({ low, high }: { low: number; high: number }) => ({ low: Math.max(0, low), high });

const visitorsOf = (cohorts: readonly MetricCohort[], variant: string): number =>
  cohorts.reduce((sum, { variants }) => sum + (variants[variant]?.count ?? 0), 0);

/** Figures that were published as sums come without a histogram; then nothing is said about their tail. */
const hasHistogram = ({ any, buckets }: MetricSums): boolean =>
  any > 0 && Object.values(buckets).reduce((sum, count) => sum + count, 0) === any;

function trustOf(sums: MetricSums, cap: number): MetricVariant['trust'] {
  if (!hasHistogram(sums)) return null;
  const estimate = estimateMean({ ...sums, sumOfCubes: sumOfCubes(sums, cap) });
  if (estimate.kind !== 'estimated') return null;
  const { skewness, trusted, visitorsForTrust } = estimate;
  return skewness === null || trusted === null || visitorsForTrust === null
    ? null
    : { skewness, trusted, visitorsNeeded: visitorsForTrust };
}
