import type { Cumulants } from './cornish-fisher.ts';

/** A Beta distribution: what is believed about one rate. `alpha` counts successes, `beta` failures, prior included. */
export type Beta = { readonly alpha: number; readonly beta: number };

/** Two ends of a credible interval. */
export type Interval = { readonly low: number; readonly high: number };

/** Every rate equally likely beforehand. */
export const UNIFORM: Beta = { alpha: 1, beta: 1 };

/**
 * What is believed about a rate after `successes` of `trials`: the prior's counts plus the observed ones.
 *
 * The beta prior is conjugate to the binomial, so this is exact for any counts. Counts may be fractional (a discounted
 * history); they must not be negative.
 * @see https://en.wikipedia.org/wiki/Beta_distribution#Bayesian_inference
 * @example posterior(120, 2400) // { alpha: 121, beta: 2281 }
 */
export function posterior(successes: number, trials: number, prior: Beta = UNIFORM): Beta {
  requireBeta('posterior', prior);
  if (!(trials >= 0 && trials <= MOST)) {
    throw new RangeError(`posterior requires trials between zero and 1e12, got ${trials}`);
  }
  if (!(successes >= 0 && successes <= trials)) {
    throw new RangeError(`posterior requires successes between zero and trials, got ${successes} of ${trials}`);
  }
  return { alpha: prior.alpha + successes, beta: prior.beta + (trials - successes) };
}

/** The mean rate, alpha / (alpha + beta). @example betaMean({ alpha: 1, beta: 3 }) // 0.25 */
export const betaMean = ({ alpha, beta }: Beta): number => alpha / (alpha + beta);

/** The variance, mean · (1 - mean) / (alpha + beta + 1). @example betaVariance({ alpha: 1, beta: 1 }) // 1 / 12 */
export function betaVariance({ alpha, beta }: Beta): number {
  const total = alpha + beta;
  return ((alpha / total) * (beta / total)) / (total + 1);
}

/**
 * The first four cumulants of the rate.
 * @see https://en.wikipedia.org/wiki/Beta_distribution#Moments_of_the_distribution
 */
export function betaCumulants(belief: Beta): Cumulants {
  const { alpha, beta } = belief;
  const total = alpha + beta;
  const variance = betaVariance(belief);
  const lean = (beta - alpha) / total;
  const spread = alpha * (beta / total / total);
  return {
    mean: betaMean(belief),
    variance,
    third: (2 * variance * lean) / (total + 2),
    fourth: (6 * variance * (lean * lean - (spread * (total + 2)) / (total + 1))) / (total + 2) / (total + 3),
  };
}

/**
 * betaMean(b) - betaMean(a), from one cross product instead of two rounded means.
 *
 * With counts below 9e7 each the cross products are exact integers, so arms that differ by one visitor in 1e8 still differ
 * by the right amount, also at rates next to one.
 * @example meanDifference({ alpha: 1, beta: 3 }, { alpha: 1, beta: 1 }) // 0.25
 */
export function meanDifference(a: Beta, b: Beta): number {
  return (b.alpha * a.beta - a.alpha * b.beta) / (a.alpha + a.beta) / (b.alpha + b.beta);
}

/**
 * log(α_b / β_b) - log(α_a / β_a): how far the peak of b lies above that of a in log-odds, with all its digits when they are close.
 * @example logOddsDifference({ alpha: 1, beta: 3 }, { alpha: 1, beta: 1 }) // log 3
 */
export function logOddsDifference(a: Beta, b: Beta): number {
  const excess = (b.alpha * a.beta - a.alpha * b.beta) / b.beta / a.alpha;
  return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(b.alpha / b.beta) - Math.log(a.alpha / a.beta);
}

/** The same belief told about failures: the distribution of 1 - rate. */
export const mirrored = ({ alpha, beta }: Beta): Beta => ({ alpha: beta, beta: alpha });

/** Up to here everything in this folder has been tried; no experiment comes near it. */
const MOST = 1e12;

/** Refuses what is not a Beta distribution, in the words of the function that was asked. */
export function requireBeta(asked: string, { alpha, beta }: Beta): void {
  if (!(alpha > 0 && beta > 0 && alpha + beta <= 2 * MOST)) {
    throw new RangeError(`${asked} requires positive counts up to 1e12, got Beta(${alpha}, ${beta})`);
  }
}

/** Refuses a level of credibility outside (0, 1). */
export function requireLevel(asked: string, level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`${asked} requires a level between zero and one, got ${level}`);
}
