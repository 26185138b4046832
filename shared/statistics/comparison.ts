import { at } from './at.ts';
import { Bell } from './bell.ts';
import { BellCurve } from './bell-curve.ts';
import { type Beta, logOddsDifference, meanDifference, requireBeta } from './beta.ts';
import { logistic } from './logit.ts';
import { panelsUnder } from './panels.ts';

/** How the rates of several variants compare, variant by variant in the order they were given. */
export interface RateComparison {
  /** The probability that this rate is the highest. They add up to one. */
  readonly best: number[];
  /** The probability that exactly one rate is higher. */
  readonly second: number[];
  /** 1 - best, added up from the other variants, so that a near-certain winner's doubt keeps its digits. */
  readonly notBest: number[];
  /** The probability that this rate is higher than the control's; null for the control itself. */
  readonly beatsControl: (number | null)[];
  /** Expected loss of choosing this variant, E[max_j p_j - p_i]: an absolute rate, not a share of one. */
  readonly expectedLoss: number[];
}

/**
 * Which rate is highest, how surely, and what a wrong choice costs, from independent Beta posteriors: exact, no draws.
 *
 * In words, with g the density, F the probability below and S = 1 - F the probability above a point of the log-odds line:
 *
 *     best_i   = ∫ g_i ∏_{j≠i} F_j
 *     second_i = ∫ g_i Σ_{j≠i} S_j ∏_{l≠i,j} F_l
 *     beats_i  = ∫ g_i F_control
 *     loss_b   = ∫ F_b (1 - ∏_{j≠b} F_j) dp      for the variant b with the highest mean; then
 *     loss_i   = loss_b + mean_b - mean_i        for the others, an identity that adds only positive terms
 *
 * Every integrand is positive, so nothing cancels and small probabilities are as accurate as large ones: 1e-12 relative in
 * all references, from no visitors to 1e8, from 1e-300 to 1. For one variant best is one and the loss zero.
 *
 * @see https://www.evanmiller.org/bayesian-ab-testing.html for the closed form this agrees with, whose cost grows with the counts
 * @example compareRates([{ alpha: 121, beta: 2281 }, { alpha: 157, beta: 2235 }]).best[1] // 0.98829…
 */
export function compareRates(posteriors: readonly Beta[], control = 0): RateComparison {
  const k = posteriors.length;
  if (k === 0) throw new RangeError('compareRates requires at least one posterior, got none');
  if (!(Number.isInteger(control) && control >= 0 && control < k)) {
    throw new RangeError(`compareRates requires the control to be one of ${k} posteriors, got ${control}`);
  }
  for (const belief of posteriors) requireBeta('compareRates', belief);
  const leader = highestMean(posteriors);
  const bells = posteriors.map((belief) => new Bell(belief));
  // Positions are measured from the narrowest bell's peak: it is the one that would feel their rounding.
  const origin = narrowest(bells);
  const originBeta = posteriors[origin] as Beta;
  const centre = (bells[origin] as Bell).centre;
  const { positions, weights, strands } = panelsUnder(
    bells.map((bell, i) => new BellCurve(bell, logOddsDifference(posteriors[i] as Beta, originBeta))),
  );
  const densities = strands.map(({ density }) => density);
  const belows = strands.map(({ below }) => below);
  const aboves = strands.map(({ above }) => above);
  const controlBelow = belows[control] as Float64Array;

  const best = new Float64Array(k);
  const second = new Float64Array(k);
  const beats = new Float64Array(k);
  let leaderLoss = 0;
  // Products over all variants after i: of every F, and with exactly one F replaced by its S.
  const allAfter = new Float64Array(k + 1).fill(1);
  const oneAfter = new Float64Array(k + 1);
  for (let node = 0; node < positions.length; node += 1) {
    const weight = at(weights, node);
    for (let i = k - 1; i > 0; i -= 1) {
      const f = at(belows[i] as Float64Array, node);
      oneAfter[i] = at(oneAfter, i + 1) * f + at(allAfter, i + 1) * at(aboves[i] as Float64Array, node);
      allAfter[i] = at(allAfter, i + 1) * f;
    }
    let allBefore = 1;
    let oneBefore = 0;
    let anyOtherAbove = 0;
    for (let i = 0; i < k; i += 1) {
      const f = at(belows[i] as Float64Array, node);
      const s = at(aboves[i] as Float64Array, node);
      const g = at(densities[i] as Float64Array, node) * weight;
      best[i] = at(best, i) + g * (allBefore * at(allAfter, i + 1));
      second[i] = at(second, i) + g * (allBefore * at(oneAfter, i + 1) + oneBefore * at(allAfter, i + 1));
      beats[i] = at(beats, i) + g * at(controlBelow, node);
      if (i !== leader) anyOtherAbove += s * (1 - anyOtherAbove);
      oneBefore = oneBefore * f + allBefore * s;
      allBefore *= f;
    }
    const t = centre + at(positions, node);
    leaderLoss += weight * at(belows[leader] as Float64Array, node) * anyOtherAbove * (logistic(t) * logistic(-t));
  }
  const whole = best.reduce((sum, chance) => sum + chance, 0);
  const shares = Array.from(best, (chance) => chance / whole);
  return {
    best: shares,
    second: Array.from(second),
    notBest: shares.map((_, i) => shares.reduce((sum, share, j) => (j === i ? sum : sum + share), 0)),
    beatsControl: posteriors.map((_, i) => (i === control ? null : Math.min(1, at(beats, i)))),
    expectedLoss: posteriors.map((belief) => leaderLoss + meanDifference(belief, posteriors[leader] as Beta)),
  };
}

function highestMean(posteriors: readonly Beta[]): number {
  let leader = 0;
  for (let i = 1; i < posteriors.length; i += 1) {
    if (meanDifference(posteriors[leader] as Beta, posteriors[i] as Beta) > 0) leader = i;
  }
  return leader;
}

function narrowest(bells: readonly Bell[]): number {
  let index = 0;
  for (let i = 1; i < bells.length; i += 1) if ((bells[i] as Bell).bend(0) > (bells[index] as Bell).bend(0)) index = i;
  return index;
}
