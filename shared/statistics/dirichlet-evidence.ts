import { stirlingError } from './stirling.ts';

/**
 * Log e-value of "these counts fell with these shares" against a Dirichlet centred on the shares.
 *
 * In words: the probability of the sequence of labels when the shares are drawn from Dirichlet(concentration · shares),
 * over their probability under the shares themselves. A martingale of the counts, so it may be read after every visitor:
 *
 *   log Γ(c) - log Γ(c + n) + Σ [log Γ(c ρ + x) - log Γ(c ρ)] - Σ x log ρ
 *
 * A larger concentration looks for smaller departures: a relative departure of sd s in one of two equal parts is found
 * best near c = 1 / s².
 *
 * Written with the small remainders of Stirling's formula and the deviance of the counts, because at 1e8 visitors the
 * log-gammas above are 1e9 and their difference would have lost seven digits.
 *
 * Domain: shares positive and summing to one, counts not negative. Absolute error below 1e-12 up to 1e8 visitors.
 * @see Lindon & Malek, Anytime-valid inference for multinomial count data, NeurIPS 2022
 * @example dirichletEvidence([10, 20], [0.5, 0.5], 100) // 0.256219227187178
 */
export function dirichletEvidence(counts: readonly number[], shares: readonly number[], concentration: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const grown = concentration + total;
  let logEvidence = stirlingError(concentration) - stirlingError(grown) + Math.log1p(total / concentration) / 2;
  counts.forEach((count, i) => {
    const prior = concentration * (shares[i] ?? 0);
    const posterior = prior + count;
    const surplus = (count - total * (shares[i] ?? 0)) / (grown * (shares[i] ?? 0));
    logEvidence += grown * (shares[i] ?? 0) * divergence(surplus) - Math.log1p(count / prior) / 2;
    logEvidence += stirlingError(posterior) - stirlingError(prior);
  });
  return logEvidence;
}

/** (1 + x) log(1 + x) - x: what a relative surplus x costs. A series near zero, where the two terms cancel. */
function divergence(x: number): number {
  if (Math.abs(x) > 0.05) return x === -1 ? 1 : (1 + x) * Math.log1p(x) - x;
  let sum = 0;
  let power = x * x;
  for (let k = 2; k < 14; k += 1) {
    sum += ((k % 2 === 0 ? 1 : -1) * power) / (k * (k - 1));
    power *= x;
  }
  return sum;
}
