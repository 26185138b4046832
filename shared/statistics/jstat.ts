/**
 * The one door to jstat, and the list of what may come through it (measured against 30-digit values, jstat 1.9.6).
 *
 * | need               | here                          | why                                                                  |
 * |--------------------|-------------------------------|----------------------------------------------------------------------|
 * | normal cdf         | jstat from z = -1 upwards     | exact there; below, `1 + erf` cancels: 2 % off at -8, zero at -10      |
 * | normal quantile    | jstat as the starting point   | 5e-16 in the middle, 5e-10 at p = 1e-10, stops at -37; one step mends |
 * | beta cdf, quantile | never: `beta-distribution.ts` | stops after 100 terms: a "cdf" of -1.49 at the centre of a + b = 1e8  |
 * | chi-squared tail   | never: `incomplete-gamma.ts`  | `1 - cdf` is noise below 1e-12 and 0 below 1e-16                      |
 * | random draws       | demonstrations and the bench  | sound, but no reported number is ever drawn                          |
 */
import jStat from 'jstat';
import { upperGamma } from './incomplete-gamma.ts';

/**
 * Φ(z), the chance that a standard normal variable is below z.
 *
 * Relative error below 1e-14 for every z down to the underflow at z = -38.4.
 * @example normalCdf(-10) // 7.61985302416053e-24
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) throw new RangeError('normalCdf requires a number, got NaN');
  return z > -1 ? jStat.normal.cdf(z, 0, 1) : upperGamma(0.5, (z * z) / 2) / 2;
}

/**
 * Φ⁻¹(p), the standard normal quantile.
 *
 * Relative error below 1e-13 for p from 1e-300 to 1 - 1e-16 (next to p = ½ the error is absolute, 1e-16). Above one half
 * it is the mirror image of the lower tail, as 1 - p is then exact.
 * @example normalQuantile(0.975) // 1.95996398454005
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`normalQuantile requires a probability between zero and one, got ${p}`);
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  const start = jStat.normal.inv(p, 0, 1);
  return p > CENTRAL ? start : polished(start, p);
}

/** Below this jstat's own two Halley steps start to lose digits to its `erfc`. */
const CENTRAL = 0.01;

/** Newton on log Φ, which is nearly a parabola in the tail: each step doubles the digits, also from jstat's floor of -37. */
function polished(start: number, p: number): number {
  let z = start;
  for (let round = 0; round < 4; round += 1) {
    const below = normalCdf(z);
    const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
    z -= (Math.log(below / p) * below) / density;
  }
  return z;
}

/**
 * One pseudo-random draw from a beta distribution (Marsaglia and Tsang's gammas, by `Math.random`).
 *
 * For demonstrations and for the Monte Carlo side of the bench. Never for a number in a report: every one of those has a
 * formula, and the same data must give the same report.
 */
export function sampleBeta(alpha: number, beta: number): number {
  return jStat.beta.sample(alpha, beta);
}
