import type { Interval } from './beta.ts';
import { requireLevel } from './beta.ts';
import { betaInterval, betaSurvival } from './beta-distribution.ts';

/** A gamma distribution: what is believed about an average count. `shape` counts events, `rate` visitors, prior included. */
export type Gamma = { readonly shape: number; readonly rate: number };

/**
 * What is believed about the average count per visitor (commitments, replies, visits) after `events` among `visitors`.
 *
 * The prior is one pseudo-visitor with one event, or with `guess` events where a baseline is known; it must be frozen at
 * the start and be the same for all variants. `dispersion` is variance over mean of the counts per visitor: people who do
 * one thing do several, and a Poisson that ignores it is too sure (quasi-Poisson; 1 is Poisson).
 * @example countPosterior(120, 2400) // { shape: 121, rate: 2401 }
 */
export function countPosterior(
  events: number,
  visitors: number,
  { guess = 1, dispersion = 1 }: { readonly guess?: number; readonly dispersion?: number } = {},
): Gamma {
  if (!(events >= 0 && visitors >= 0))
    throw new RangeError(
      `countPosterior requires counts of zero or more, got ${events} events of ${visitors} visitors`,
    );
  if (!(guess > 0 && dispersion > 0))
    throw new RangeError(`countPosterior requires a positive guess and dispersion, got ${guess} and ${dispersion}`);
  return { shape: (1 + events) / dispersion, rate: (1 / guess + visitors) / dispersion };
}

/**
 * The probability that the treatment's average count is the higher one, exactly.
 *
 * With X, Y gamma of rates b_A, b_B, the share Y b_B / (X b_A + Y b_B) is Beta(shape_B, shape_A), whatever the rates; Y
 * exceeds X where it exceeds b_B / (b_A + b_B).
 * @example probabilityOfHigherCount({ shape: 1.5, rate: 10 }, { shape: 4.5, rate: 12 }) // 0.874482338803779
 */
export function probabilityOfHigherCount(control: Gamma, treatment: Gamma): number {
  const share = { alpha: treatment.shape, beta: control.shape };
  return betaSurvival(share, treatment.rate / (control.rate + treatment.rate));
}

/**
 * Treatment over control, the ratio of average counts: exact equal-tailed interval by the same beta share, w / (1 - w) ·
 * rate_A / rate_B. `high` is Infinity where the control's count may be zero beyond all digits.
 * @example countRatioInterval({ shape: 1.5, rate: 10 }, { shape: 4.5, rate: 12 }) // 0.492308 to 36.1827
 */
export function countRatioInterval(control: Gamma, treatment: Gamma, level = 0.95): Interval {
  requireLevel('countRatioInterval', level);
  // The odds of w and of 1 - w are read from their own distributions: near one, 1 - w has no digits left.
  const odds = control.rate / treatment.rate;
  const share = betaInterval({ alpha: treatment.shape, beta: control.shape }, level);
  const rest = betaInterval({ alpha: control.shape, beta: treatment.shape }, level);
  return { low: (share.low / rest.high) * odds, high: (share.high / rest.low) * odds };
}
