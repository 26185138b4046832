import { Bell } from './bell.ts';
import { type Side, tailOf } from './bell-tail.ts';
import { type Beta, type Interval, requireBeta, requireLevel } from './beta.ts';
import { normalQuantile } from './jstat.ts';

/**
 * The probability that a Beta-distributed rate is at most x: the regularised incomplete beta function I_x(α, β).
 *
 * The density of the log-odds is integrated from x outwards, away from the peak, so a small probability is never the
 * complement of a large one: 1e-11 relative down to 1e-300, from Beta(½, ½) to α + β = 1e8, about ten panels at any size. (The
 * usual continued fraction needs √(α + β) terms; jstat stops it after 100, and is 0.76 off at α + β = 1e7.)
 *
 * Next to the centre of a very narrow distribution the answer is as good as x itself is given: it moves by 1e-16·√(α + β).
 * @see https://dlmf.nist.gov/8.17
 * @example betaCdf({ alpha: 2, beta: 18 }, 0.1) // 0.579735
 */
export function betaCdf(belief: Beta, x: number): number {
  return probability('betaCdf', belief, x, -1);
}

/** The probability that the rate is above x: 1 - betaCdf, with its own digits. @example betaSurvival({ alpha: 1, beta: 3 }, 0.5) // 0.125 */
export function betaSurvival(belief: Beta, x: number): number {
  return probability('betaSurvival', belief, x, 1);
}

/**
 * The rate below which a share p of the distribution lies: the inverse of {@link betaCdf}.
 *
 * Relative error about 1e-14 in the rate, for p down to 1e-300. For p above one half it starts from 1 - p, which is exact, and
 * works in the upper tail.
 * @example betaQuantile({ alpha: 1, beta: 3 }, 0.5) // 0.2062994740159 = 1 - 2^(-1/3)
 */
export function betaQuantile(belief: Beta, p: number): number {
  requireBeta('betaQuantile', belief);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`betaQuantile requires a probability between zero and one, got ${p}`);
  if (p === 0 || p === 1) return p;
  const bell = new Bell(belief);
  return bell.rate(p <= 0.5 ? pointBeyondWhich(bell, p, -1) : pointBeyondWhich(bell, 1 - p, 1));
}

/**
 * The equal-tailed credible interval: as much probability below its low end as above its high end.
 * @example betaInterval({ alpha: 121, beta: 2281 }) // { low: 0.04199…, high: 0.05944… }
 */
export function betaInterval(belief: Beta, level = 0.95): Interval {
  requireBeta('betaInterval', belief);
  requireLevel('betaInterval', level);
  const bell = new Bell(belief);
  const tail = (1 - level) / 2;
  return { low: bell.rate(pointBeyondWhich(bell, tail, -1)), high: bell.rate(pointBeyondWhich(bell, tail, 1)) };
}

function probability(asked: string, belief: Beta, x: number, side: Side): number {
  requireBeta(asked, belief);
  if (Number.isNaN(x)) throw new RangeError(`${asked} requires a rate, got NaN`);
  if (x <= 0) return side < 0 ? 0 : 1;
  if (x >= 1) return side < 0 ? 1 : 0;
  const bell = new Bell(belief);
  return tailOf(bell, distanceFromPeak(belief, x), side);
}

/** logit(x) - log(α / β), with the digits of a small difference. */
function distanceFromPeak({ alpha, beta }: Beta, x: number): number {
  const excess = (x * beta - (1 - x) * alpha) / ((1 - x) * alpha);
  return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(x) - Math.log1p(-x) - Math.log(alpha / beta);
}

/**
 * The point with probability p beyond it, by Newton on the logarithm of that probability: it is concave, so the steps
 * converge from anywhere, and nearly straight in the far tail, so few are needed.
 */
function pointBeyondWhich(bell: Bell, p: number, side: Side): number {
  let u = side * signedRootGuess(bell, -normalQuantile(p), side);
  for (let round = 0; round < 60; round += 1) {
    const mass = tailOf(bell, u, side);
    const miss = Math.log(mass / p);
    u += (side * miss * mass) / bell.density(u);
    // Newton squares the error: what is left after a step this small is below the rounding.
    if (Math.abs(miss) < 1e-8) break;
  }
  return u;
}

/** Where the cost is z² / 2, as for a normal bell: right to first order for any bell, in its tails as well. */
function signedRootGuess(bell: Bell, z: number, side: Side): number {
  const spread = 1 / Math.sqrt(bell.bend(0));
  if (z < 0.5) return z * spread;
  let u = z * spread;
  for (let round = 0; round < 12; round += 1) {
    const root = Math.sqrt(2 * bell.cost(side * u));
    const step = ((z - root) * root) / Math.abs(bell.slope(side * u));
    u = Math.max(u + step, u / 4);
    if (Math.abs(z - root) < 0.05) break;
  }
  return u;
}
