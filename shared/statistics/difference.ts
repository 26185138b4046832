import { Bell } from './bell.ts';
import { type Beta, betaCumulants, type Interval, meanDifference, requireBeta, requireLevel } from './beta.ts';
import { cornishFisher, cumulantsOfDifference } from './cornish-fisher.ts';
import { normalQuantile } from './jstat.ts';
import { pointAt } from './normal-scale.ts';
import { differenceSplit } from './split.ts';

/** What is believed about p_treatment - p_control. */
export interface Difference {
  readonly mean: number;
  readonly median: number;
  readonly interval: Interval;
}

/**
 * The absolute difference of two independent rates: its mean, median and equal-tailed credible interval, without draws and
 * without a normal approximation. Ends are within 1e-11 of the half-width in all references, up to 1e8 visitors.
 * @example difference({ alpha: 1, beta: 11 }, { alpha: 2, beta: 12 }).interval // { low: -0.18220…, high: 0.30442… }
 */
export function difference(control: Beta, treatment: Beta, level = 0.95): Difference {
  requireBeta('difference', control);
  requireBeta('difference', treatment);
  requireLevel('difference', level);
  const guess = cornishFisher(cumulantsOfDifference(betaCumulants(treatment), betaCumulants(control)));
  const z = normalQuantile((1 + level) / 2);
  const bells = [new Bell(control), new Bell(treatment)] as const;
  const at = (target: number, low: number, high: number): number =>
    pointAt(target, (d) => differenceSplit(...bells, d), guess, [low, high]);
  const median = at(0, -1, 1);
  return {
    mean: meanDifference(control, treatment),
    median,
    interval: { low: at(-z, -1, median), high: at(z, median, 1) },
  };
}

/**
 * P(p_treatment - p_control ≤ d), accurate in both tails.
 * @example probabilityOfDifferenceBelow({ alpha: 1, beta: 1 }, { alpha: 1, beta: 1 }, 0.5) // 0.875
 */
export function probabilityOfDifferenceBelow(control: Beta, treatment: Beta, d: number): number {
  requireBeta('probabilityOfDifferenceBelow', control);
  requireBeta('probabilityOfDifferenceBelow', treatment);
  if (Number.isNaN(d)) throw new RangeError('probabilityOfDifferenceBelow requires a difference, got NaN');
  if (d <= -1) return 0;
  if (d >= 1) return 1;
  return differenceSplit(new Bell(control), new Bell(treatment), d).below;
}
