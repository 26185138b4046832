import type { Sequence } from '../experiment/sequence.ts';
import { type Beta, betaMean, type Interval } from '../statistics/beta.ts';
import { betaInterval } from '../statistics/beta-distribution.ts';
import { compareRates } from '../statistics/comparison.ts';
import { type Evidence, scoreEvidence } from '../statistics/evidence.ts';
import { uplift } from '../statistics/uplift.ts';
import type { Cohort } from '../tally/counts.ts';
import { standardisedPosteriors, totalOf } from './standardised.ts';

/** How one variant stands at the goal, among all those assigned to it. */
export type Standing = {
  readonly variant: string;
  readonly control: boolean;
  readonly visitors: number;
  readonly goals: number;
  /** Goal rate per visitor assigned, with its 95 % interval. */
  readonly rate: Interval & { readonly mean: number };
  /** Standardised to one mix of weight epochs where weights changed: see `standardisedPosteriors`. */
  readonly posterior: Beta;
  readonly best: number;
  readonly beatsControl: number | null;
  /** E[best rate - this rate], an absolute rate. */
  readonly expectedLoss: number;
  /** The same as a share of the control's goal rate, which is how a policy states it. */
  readonly relativeLoss: number;
  /** Relative to the control; absent for the control itself. The mean does not exist while the control has no goal. */
  readonly uplift?: { readonly mean: number | null; readonly median: number; readonly interval: Interval };
  /** Against the control, stratified by cohort day and weight epoch; absent for the control itself. */
  readonly evidence?: Evidence;
};

/** The standings of all variants over some cohorts, in the order of the sequence. `effect` is the relative effect worth finding. */
export function standingsOf(cohorts: readonly Cohort[], sequence: Sequence, effect: number): Standing[] {
  const variants = Object.keys(sequence.ladders);
  const control = variants.indexOf(sequence.control);
  const totals = variants.map((variant) => totalOf(cohorts, variant));
  const posteriors = standardisedPosteriors(cohorts, variants);
  const compared = compareRates(posteriors, control);
  const base = posteriors[control] ?? { alpha: 1, beta: 1 };
  const tau = Math.log1p(effect);
  return variants.map((variant, i) => {
    const belief = posteriors[i] ?? base;
    const isControl = i === control;
    const expectedLoss = compared.expectedLoss[i] ?? 0;
    return {
      variant,
      control: isControl,
      visitors: totals[i]?.visitors ?? 0,
      goals: totals[i]?.goals ?? 0,
      rate: { mean: betaMean(belief), ...betaInterval(belief) },
      posterior: belief,
      best: compared.best[i] ?? 0,
      beatsControl: compared.beatsControl[i] ?? null,
      expectedLoss,
      relativeLoss: expectedLoss / betaMean(base),
      ...(!isControl && {
        uplift: uplift(base, belief),
        evidence: scoreEvidence(strata(cohorts, sequence.control, variant), tau),
      }),
    };
  });
}

/** One stratum per cohort: within it both variants met the same day and the same weights. */
export function strata(cohorts: readonly Cohort[], control: string, treatment: string) {
  return cohorts.map(({ visitors, goals }) => ({
    controlTrials: visitors[control] ?? 0,
    controlSuccesses: goals[control] ?? 0,
    treatmentTrials: visitors[treatment] ?? 0,
    treatmentSuccesses: goals[treatment] ?? 0,
  }));
}
