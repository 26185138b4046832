import type { Interval } from './beta.ts';
import { dirichletEvidence } from './dirichlet-evidence.ts';

/**
 * Evidence from conversions alone, dated by event: with random assignment at a fixed share, each conversion is the
 * treatment's with that share under "no difference", whatever the rate does over time and however late it comes.
 */
export type ConditionalEvidence = {
  readonly logEvidence: number;
  /** min(1, 1 / e-value) now. */
  readonly pValue: number;
  /** Treatment rate over control rate at all looks at once; null before the first conversion, `high` Infinity while open. */
  readonly rateRatio: Interval | null;
};

/**
 * The beta-binomial e-value of the treatment's share of conversions, and its anytime interval of the rate ratio.
 *
 * log E = log B(c ρ_B + s_B, c ρ_A + s_A) - log B(c ρ_B, c ρ_A) - s_B log ρ_B - s_A log ρ_A, and the ratio r is held against
 * θ(r) = ρ_B r / (ρ_A + ρ_B r): it is in the interval while the evidence against θ(r) stays below 1 / (1 - level).
 * `concentration` c = 4 / τ² for effects of relative size τ.
 *
 * Exact and cumulative; asks for one share throughout (after a change of weights multiply the e-values of the epochs). Above
 * rates of about 15 % it wastes what non-conversions know: prefer {@link scoreEvidence} there.
 * @see Lindon & Malek, NeurIPS 2022
 * @example conditionalEvidence({ control: 120, treatment: 156 }).logEvidence // 0.697835483917513
 */
export function conditionalEvidence(
  conversions: { readonly control: number; readonly treatment: number },
  { treatmentShare = 0.5, concentration = 400, level = 0.95 } = {},
): ConditionalEvidence {
  const counts = [conversions.control, conversions.treatment];
  const logEvidence = dirichletEvidence(counts, [1 - treatmentShare, treatmentShare], concentration);
  const pValue = Math.min(1, Math.exp(-logEvidence));
  if (conversions.control + conversions.treatment === 0) return { logEvidence, pValue, rateRatio: null };

  // Only the null changes with r, the mixture does not: log E(θ) = log E(ρ) + s_B log(ρ_B / θ) + s_A log(ρ_A / (1 - θ)).
  const logAgainst = (logRatio: number) => {
    const control = 1 / (1 - treatmentShare + treatmentShare * Math.exp(logRatio));
    return (
      logEvidence - conversions.treatment * (logRatio + Math.log(control)) - conversions.control * Math.log(control)
    );
  };
  const limit = -Math.log(1 - level);
  const inside = (logRatio: number) => logAgainst(logRatio) < limit;
  // The evidence against a ratio is least at the observed one; with one side empty it falls on towards that side for ever.
  const odds = (1 - treatmentShare) / treatmentShare;
  const best = Math.log((conversions.treatment * odds) / conversions.control);
  const low = conversions.treatment === 0 ? 0 : Math.exp(edge(best, -1, inside));
  const high = conversions.control === 0 ? Infinity : Math.exp(edge(best, 1, inside));
  return { logEvidence, pValue, rateRatio: { low, high } };
}

/** exp(±40) is a ratio no data can tell from none and all: where to start when one side has no conversion yet. */
const UNSEEN = 40;

/** Walks outwards from the best-supported log ratio until outside, then halves the gap to the last bit. */
function edge(centre: number, direction: 1 | -1, inside: (x: number) => boolean): number {
  let within = Math.max(-UNSEEN, Math.min(UNSEEN, centre));
  let step = 0.01;
  while (inside(within + direction * step)) step *= 2;
  let outside = within + direction * step;
  for (;;) {
    const middle = (within + outside) / 2;
    if (middle === within || middle === outside) return middle;
    if (inside(middle)) within = middle;
    else outside = middle;
  }
}
