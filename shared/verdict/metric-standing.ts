import { estimateMean } from '../statistics/mean.ts';
import { compareNormals, type Normal, type NormalComparison, weightedSum } from '../statistics/normal.ts';
import { estimateRatio } from '../statistics/ratio.ts';
import { type MetricCohort, type MetricSums, metricTotal } from '../tally/metric-counts.ts';

/** How one variant stands in a metric, with the visitor as the unit. */
export type MetricStanding = {
  readonly variant: string;
  readonly sums: MetricSums;
  /** Null with fewer than two visitors, or where there is nothing to divide by. */
  readonly belief: Normal | null;
  /** Against the control; null for the control itself. */
  readonly comparison: NormalComparison | null;
};

/**
 * The standings of all variants in one metric. With one set of weights throughout, over all cohorts at once; where weights
 * changed, standardised to one mix of epochs as goal rates are (`standardisedPosteriors`), for the same reason.
 */
export function metricStandings(
  cohorts: readonly MetricCohort[],
  variants: readonly string[],
  control: string,
  ratio: boolean,
): MetricStanding[] {
  const beliefs = standardisedBeliefs(cohorts, variants, ratio);
  const base = beliefs[variants.indexOf(control)] ?? null;
  return variants.map((variant, i) => {
    const belief = beliefs[i] ?? null;
    return {
      variant,
      sums: metricTotal(cohorts, variant),
      belief,
      comparison: variant === control || base === null || belief === null ? null : compareNormals(base, belief),
    };
  });
}

function standardisedBeliefs(
  cohorts: readonly MetricCohort[],
  variants: readonly string[],
  ratio: boolean,
): (Normal | null)[] {
  const epochs = [...new Set(cohorts.map(({ epoch }) => epoch))].map((epoch) => {
    const within = cohorts.filter((cohort) => cohort.epoch === epoch);
    const sums = variants.map((variant) => metricTotal(within, variant));
    return {
      beliefs: sums.map((each) => beliefOf(each, ratio)),
      size: sums.reduce((sum, { count }) => sum + count, 0),
    };
  });
  const shared = epochs.filter(({ beliefs }) => beliefs.every((belief) => belief !== null));
  if (epochs.length <= 1 || shared.length === 0)
    return variants.map((variant) => beliefOf(metricTotal(cohorts, variant), ratio));
  const everybody = shared.reduce((sum, { size }) => sum + size, 0);
  return variants.map((_, i) =>
    weightedSum(
      shared.flatMap(({ beliefs, size }) => {
        const belief = beliefs[i];
        return belief ? [{ share: size / everybody, belief }] : [];
      }),
    ),
  );
}

function beliefOf(sums: MetricSums, ratio: boolean): Normal | null {
  const estimate = ratio ? estimateRatio(sums) : estimateMean(sums);
  return estimate.kind === 'estimated' ? { mean: estimate.mean, standardError: estimate.standardError } : null;
}
