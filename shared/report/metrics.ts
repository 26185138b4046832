import type { Metric, MetricKind } from '../experiment/metric.ts';
import { type Measure, matureAfterMs, type Sequence } from '../experiment/sequence.ts';
import { DAY_MS } from '../experiment/time.ts';
import type { Interval } from '../statistics/beta.ts';
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

/** A metric as people wrote it, how the current sequence measures it, and what it is of everyone so far. */
export type Measured = {
  readonly metric: Metric;
  readonly measure: Measure;
  readonly cohorts: readonly MetricCohort[];
};

/** The metrics of a definition that the sequence measures: those of older sequences were never counted. */
export function measuredMetrics(
  tally: Tally,
  metrics: readonly Metric[],
  sequence: Sequence,
  human: (cell: Cell) => boolean,
): Measured[] {
  const known = metrics.flatMap((metric) => {
    const measure = sequence.metrics?.find(({ id }) => id === metric.id);
    return measure ? [{ metric, measure }] : [];
  });
  if (known.length === 0) return [];
  const measures = known.map(({ measure }) => measure);
  const cohorts = metricCohorts(tally, sequence, measures, human);
  return known.map((each, i) => ({ ...each, cohorts: cohorts[i] ?? [] }));
}

export const metricReports = (measured: readonly Measured[], sequence: Sequence, asOf: number): MetricReport[] =>
  measured.map(({ metric, measure, cohorts: everyone }) => {
    const mature = isMetricMature(measure, asOf);
    const cohorts = everyone.filter(mature);
    const waiting = everyone.filter((cohort) => !mature(cohort));
    const cap = 'cap' in measure ? measure.cap : null;
    const standings = metricStandings(cohorts, Object.keys(sequence.ladders), sequence.control, isRatio(measure));
    return {
      id: metric.id,
      name: metric.name,
      kind: metric.kind,
      better: metric.better,
      cap,
      matureAfterDays: matureAfterMs(measure) / DAY_MS,
      variants: standings.map(({ variant, sums, belief, comparison }): MetricVariant => {
        return {
          variant,
          visitors: sums.count,
          immature: visitorsOf(waiting, variant),
          any: sums.any,
          level: belief && { mean: belief.mean, ...possible(normalInterval(belief), metric.kind) },
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
      weeks: measure.kind === 'return' ? returnWeeks({ measure, sequence, everyone, cohorts, asOf }) : null,
    };
  });

/** No metric is below zero and no share above one; an interval that reaches there says more of the normal curve than of visitors. */
const possible = ({ low, high }: Interval, kind: MetricKind): Interval => ({
  low: Math.max(0, low),
  high: kind === 'response' ? Math.min(1, high) : high,
});

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
