import { at } from './at.ts';
import { Bell } from './bell.ts';
import { BellCurve } from './bell-curve.ts';
import { type Beta, logOddsDifference, meanDifference, requireBeta } from './beta.ts';
import { panelsUnder, type Strand } from './panels.ts';

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

  const best = new Float64Array(k);
  const second = new Float64Array(k);
  const beats = new Float64Array(k);
  let leaderLoss = 0;
  const f = new Float64Array(k);
  const s = new Float64Array(k);
  // Products over all variants after i: of every F, and with exactly one F replaced by its S.
  const allAfter = new Float64Array(k + 1).fill(1);
  const oneAfter = new Float64Array(k + 1);
  for (let node = 0; node < positions.length; node += 1) {
    const weight = at(weights, node);
    for (let i = k - 1; i >= 0; i -= 1) {
      const { below, above } = strands[i] as Strand;
      f[i] = at(below, node);
      s[i] = at(above, node);
      oneAfter[i] = at(oneAfter, i + 1) * at(f, i) + at(allAfter, i + 1) * at(s, i);
      allAfter[i] = at(allAfter, i + 1) * at(f, i);
    }
    let allBefore = 1;
    let oneBefore = 0;
    let anyOtherAbove = 0;
    for (let i = 0; i < k; i += 1) {
      const g = at((strands[i] as Strand).density, node) * weight;
      if (g > 0) {
        best[i] = at(best, i) + g * (allBefore * at(allAfter, i + 1));
        second[i] = at(second, i) + g * (allBefore * at(oneAfter, i + 1) + oneBefore * at(allAfter, i + 1));
        beats[i] = at(beats, i) + g * at(f, control);
      }
      if (i !== leader) anyOtherAbove += at(s, i) * (1 - anyOtherAbove);
      oneBefore = oneBefore * at(f, i) + allBefore * at(s, i);
      allBefore *= at(f, i);
    }
    const odds = Math.exp(-Math.abs(centre + at(positions, node)));
    leaderLoss += (weight * at(f, leader) * anyOtherAbove * odds) / (1 + odds) / (1 + odds);
  }
  // The shares of one come out as 1 ± 3e-15; dividing by what they came to makes them shares of exactly one.
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
