import { type Beta, betaMean, betaVariance, posterior } from '../statistics/beta.ts';
import type { Cohort } from '../tally/counts.ts';

export type Total = { readonly visitors: number; readonly goals: number };

/** Visitors and goals of a variant over some cohorts. */
export function totalOf(cohorts: readonly Cohort[], variant: string): Total {
  let visitors = 0;
  let goals = 0;
  for (const cohort of cohorts) {
    visitors += cohort.visitors[variant] ?? 0;
    goals += cohort.goals[variant] ?? 0;
  }
  return { visitors, goals };
}

/**
 * The posterior of each variant's goal rate. With one set of weights throughout it is the exact Beta(1 + goals, 1 + misses).
 *
 * When weights changed, adding up would compare unlike with unlike: a variant that got most of its visitors in a good week looks
 * good. So each variant's rate is then standardised to one mix of epochs, that of everybody, and the Beta with the mean and
 * variance of that weighted sum stands for it. Epochs in which some variant had nobody say nothing about a comparison
 * and are left out.
 */
export function standardisedPosteriors(cohorts: readonly Cohort[], variants: readonly string[]): Beta[] {
  const epochs = [...new Set(cohorts.map(({ epoch }) => epoch))].map((epoch) => {
    const within = cohorts.filter((cohort) => cohort.epoch === epoch);
    return variants.map((variant) => totalOf(within, variant));
  });
  const shared = epochs.filter((totals) => totals.every(({ visitors }) => visitors > 0));
  if (epochs.length <= 1 || shared.length === 0)
    return variants.map((variant) => {
      const { goals, visitors } = totalOf(cohorts, variant);
      return posterior(goals, visitors);
    });
  const sizes = shared.map((totals) => totals.reduce((sum, { visitors }) => sum + visitors, 0));
  const everybody = sizes.reduce((sum, size) => sum + size, 0);
  return variants.map((_, i) =>
    matched(
      shared.map((totals, epoch) => ({
        share: (sizes[epoch] ?? 0) / everybody,
        // The uniform prior is worth one success and one failure in all, however many epochs there are.
        belief: posterior(totals[i]?.goals ?? 0, totals[i]?.visitors ?? 0, {
          alpha: 1 / shared.length,
          beta: 1 / shared.length,
        }),
      })),
    ),
  );
}

/** The Beta with the mean and variance of a weighted sum of independent rates. */
function matched(parts: readonly { readonly share: number; readonly belief: Beta }[]): Beta {
  const mean = parts.reduce((sum, { share, belief }) => sum + share * betaMean(belief), 0);
  const variance = parts.reduce((sum, { share, belief }) => sum + share * share * betaVariance(belief), 0);
  const size = (mean * (1 - mean)) / variance - 1;
  return { alpha: mean * size, beta: (1 - mean) * size };
}
