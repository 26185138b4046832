import { betaQuantile } from './beta-distribution.ts';

/**
 * The quantile of Student's t: how many standard errors a mean of few things may be off. Used where the things are experiments,
 * of which there are never enough for normal theory.
 *
 * With x the quantile of Beta(df / 2, 1/2) at 2 (1 - p), t = √(df (1 - x) / x), for p above one half.
 * @example studentQuantile(0.975, 4) // 2.77644510519779
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`studentQuantile requires a probability between zero and one, got ${p}`);
  if (!(degrees > 0)) throw new RangeError(`studentQuantile requires positive degrees of freedom, got ${degrees}`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  const x = betaQuantile({ alpha: degrees / 2, beta: 0.5 }, 2 * (1 - p));
  return Math.sqrt((degrees * (1 - x)) / x);
}
