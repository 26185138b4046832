import type { Policy } from '../experiment/policy.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { compareRates } from '../statistics/comparison.ts';
import { evidenceThreshold, scoreEvidence } from '../statistics/evidence.ts';
import { dayName } from '../tally/cohort-day.ts';
import type { Cohort } from '../tally/counts.ts';
import { pursesOf } from '../verdict/purses.ts';
import { standardisedPosteriors } from '../verdict/standardised.ts';
import { strata } from '../verdict/standing.ts';

/** What the cohorts up to a day say, had the experiment ended with them. */
export type DayPoint = {
  readonly day: string;
  readonly visitors: number;
  /** P(best) of every variant. */
  readonly best: Readonly<Record<string, number>>;
  /** Log of the evidence of every treatment against the control. */
  readonly logEvidence: Readonly<Record<string, number>>;
};

export type DaySeries = {
  readonly points: readonly DayPoint[];
  /** What the policy asks for before a winner is named. */
  readonly bounds: { readonly best: number; readonly logEvidence: number };
};

/** A line needs no more points than this, and each costs a quadrature. */
const POINTS = 60;

export function daySeries(cohorts: readonly Cohort[], sequence: Sequence, policy: Policy): DaySeries {
  const variants = Object.keys(sequence.ladders);
  const days = [...new Set(cohorts.map(({ day }) => day))];
  const stride = Math.max(1, Math.ceil(days.length / POINTS));
  const kept = days.filter((_, i) => (days.length - 1 - i) % stride === 0);
  return {
    points: kept.map((day) =>
      pointAt(
        day,
        cohorts.filter((cohort) => cohort.day <= day),
        variants,
        sequence.control,
        policy,
      ),
    ),
    bounds: {
      best: policy.probability,
      logEvidence: Math.log(evidenceThreshold(pursesOf(policy).alphaEarly, variants.length)),
    },
  };
}

function pointAt(
  day: number,
  cohorts: readonly Cohort[],
  variants: readonly string[],
  control: string,
  policy: Policy,
): DayPoint {
  const { best } = compareRates(standardisedPosteriors(cohorts, variants), variants.indexOf(control));
  const tau = Math.log1p(policy.effect);
  return {
    day: dayName(day),
    visitors: cohorts.reduce(
      (sum, cohort) => sum + variants.reduce((all, variant) => all + (cohort.visitors[variant] ?? 0), 0),
      0,
    ),
    best: Object.fromEntries(variants.map((variant, i) => [variant, best[i] ?? 0])),
    logEvidence: Object.fromEntries(
      variants
        .filter((variant) => variant !== control)
        .map((variant) => [variant, scoreEvidence(strata(cohorts, control, variant), tau).logEvidence]),
    ),
  };
}
