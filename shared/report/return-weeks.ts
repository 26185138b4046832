import type { Measure, Sequence } from '../experiment/sequence.ts';
import { WEEK_MS } from '../experiment/time.ts';
import { type Beta, betaMean } from '../statistics/beta.ts';
import { betaInterval } from '../statistics/beta-distribution.ts';
import { compareRates } from '../statistics/comparison.ts';
import { difference } from '../statistics/difference.ts';
import { type Novelty, novelty } from '../statistics/novelty.ts';
import { isMature } from '../tally/cohort-day.ts';
import { type MetricCohort, type MetricSums, metricTotal, weekCohorts } from '../tally/metric-counts.ts';
import { standardisedPosteriors, totalOf } from '../verdict/standardised.ts';
import type { Estimate } from './report.ts';

/** Who came back, week by week after their assignment. */
export type ReturnWeeks = {
  readonly weeks: readonly {
    /** From 1, which begins with the assignment. */
    readonly week: number;
    readonly variants: readonly {
      readonly variant: string;
      /** Visitors for whom this week is over. Whoever is still in it is in neither number, so that nobody can lower a rate by being new. */
      readonly visitors: number;
      readonly returned: number;
      readonly rate: Estimate;
      /** Against the control; null for the control itself. */
      readonly difference: Estimate | null;
      readonly higher: number | null;
    }[];
  }[];
  /** Whether the effect wears off, of every treatment; among visitors who have had all weeks. */
  readonly novelty: readonly (Novelty & { readonly variant: string })[];
};

type Input = {
  readonly measure: Extract<Measure, { kind: 'return' }>;
  readonly sequence: Sequence;
  readonly everyone: readonly MetricCohort[];
  /** Of visitors who have had all weeks. */
  readonly cohorts: readonly MetricCohort[];
  readonly asOf: number;
};

export function returnWeeks({ measure, sequence, everyone, cohorts, asOf }: Input): ReturnWeeks {
  const variants = Object.keys(sequence.ladders);
  const controlAt = variants.indexOf(sequence.control);
  const weeks = Array.from({ length: measure.weeks }, (_, i) => i + 1).flatMap((week) => {
    const counted = weekCohorts(
      everyone.filter(({ day }) => isMature(day, week * WEEK_MS, asOf)),
      week,
    );
    const totals = variants.map((variant) => totalOf(counted, variant));
    if (totals.some(({ visitors }) => visitors === 0)) return [];
    const beliefs = standardisedPosteriors(counted, variants);
    const { beatsControl } = compareRates(beliefs, controlAt);
    const base = beliefs[controlAt] ?? { alpha: 1, beta: 1 };
    return [
      {
        week,
        variants: variants.map((variant, i) => {
          const belief = beliefs[i] ?? base;
          return {
            variant,
            visitors: totals[i]?.visitors ?? 0,
            returned: totals[i]?.goals ?? 0,
            rate: { mean: betaMean(belief), ...betaInterval(belief) },
            difference: i === controlAt ? null : differenceOf(base, belief),
            higher: beatsControl[i] ?? null,
          };
        }),
      },
    ];
  });
  const contrast = (variant: string) => contrastOf(metricTotal(cohorts, variant));
  return {
    weeks,
    novelty: variants.flatMap((variant) => {
      if (variant === sequence.control) return [];
      const found = novelty(contrast(sequence.control), contrast(variant), measure.weeks, variants.length - 1);
      return found ? [{ variant, ...found }] : [];
    }),
  };
}

function differenceOf(base: Beta, belief: Beta): Estimate {
  const { mean, interval } = difference(base, belief);
  return { mean, ...interval };
}

const contrastOf = ({ count, contrast, contrastSquares }: MetricSums) => ({
  count,
  sum: contrast,
  sumOfSquares: contrastSquares,
});
