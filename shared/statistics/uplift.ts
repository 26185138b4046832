import { Bell } from './bell.ts';
import { type Beta, type Interval, requireBeta, requireLevel } from './beta.ts';
import { type Cumulants, cornishFisher, cumulantsOfDifference } from './cornish-fisher.ts';
import { digamma, trigamma } from './digamma.ts';
import { normalQuantile } from './jstat.ts';
import { pointAt } from './normal-scale.ts';
import { logRatioSplit } from './split.ts';

/** What is believed about the relative uplift, p_treatment / p_control - 1. */
export interface Uplift {
  /** Null where it is infinite: the control may then have a rate of zero with too much probability (alpha ≤ 1). */
  readonly mean: number | null;
  readonly median: number;
  readonly interval: Interval;
}

/** The logarithm of a ratio that a double can just hold. */
const FARTHEST = 700;

/**
 * The relative uplift of a treatment's rate over the control's: mean, median and equal-tailed credible interval.
 *
 * Found on the scale of log(p_treatment / p_control), where it is nearly normal. Ends are within 1e-11 of the half-width in
 * all references. The mean, E[p_T] · (n_C - 1) / (α_C - 1) - 1, is finite only for α_C > 1; the median always exists.
 * @example uplift({ alpha: 1, beta: 11 }, { alpha: 2, beta: 12 }) // { mean: null, median: 1.03480…, interval: { low: -0.81867…, high: 60.853… } }
 */
export function uplift(control: Beta, treatment: Beta, level = 0.95): Uplift {
  requireBeta('uplift', control);
  requireBeta('uplift', treatment);
  requireLevel('uplift', level);
  const z = normalQuantile((1 + level) / 2);
  const bells = [new Bell(control), new Bell(treatment)] as const;
  const guess = cornishFisher(cumulantsOfDifference(logCumulants(treatment), logCumulants(control)));
  const at = (target: number, low: number, high: number): number =>
    pointAt(target, (logRatio) => logRatioSplit(...bells, logRatio), guess, [low, high]);
  const median = at(0, -FARTHEST, FARTHEST);
  return {
    mean: meanUplift(control, treatment),
    median: Math.expm1(median),
    interval: { low: Math.expm1(at(-z, -FARTHEST, median)), high: Math.expm1(at(z, median, FARTHEST)) },
  };
}

/** The cumulants of the log of a rate: differences of polygammas, the last two by their first terms. */
function logCumulants({ alpha, beta }: Beta): Cumulants {
  const total = alpha + beta;
  const third = (x: number) => -1 / x ** 2 - 1 / x ** 3 - 1 / (2 * x ** 4);
  const fourth = (x: number) => 2 / x ** 3 + 3 / x ** 4 + 2 / x ** 5;
  return {
    mean: digamma(alpha) - digamma(total),
    variance: trigamma(alpha) - trigamma(total),
    third: third(alpha) - third(total),
    fourth: fourth(alpha) - fourth(total),
  };
}

function meanUplift(control: Beta, treatment: Beta): number | null {
  if (control.alpha <= 1) return null;
  // (α_T (n_C - 1) - n_T (α_C - 1)) / (n_T (α_C - 1)), with the large products of the numerator cancelled on paper.
  const numerator = treatment.alpha * control.beta - treatment.beta * (control.alpha - 1);
  return numerator / (treatment.alpha + treatment.beta) / (control.alpha - 1);
}

/**
 * P(p_treatment ≤ ratio · p_control), accurate also where it is tiny. With ratio = 1 + δ its complement is the probability
 * that the uplift is more than δ; ask for that as the probability below 1 / ratio with the arms exchanged.
 * @example probabilityOfRatioBelow({ alpha: 1, beta: 1 }, { alpha: 1, beta: 1 }, 0.5) // 0.25
 */
export function probabilityOfRatioBelow(control: Beta, treatment: Beta, ratio: number): number {
  requireBeta('probabilityOfRatioBelow', control);
  requireBeta('probabilityOfRatioBelow', treatment);
  if (Number.isNaN(ratio)) throw new RangeError('probabilityOfRatioBelow requires a ratio, got NaN');
  return splitAt(control, treatment, ratio).below;
}

/**
 * P(low < p_treatment / p_control ≤ high): the probability inside a region of practical equivalence.
 *
 * Taken as a difference of lower tails or of upper tails, whichever are smaller, so that a region far out in a tail keeps its digits.
 * @example probabilityRatioWithin({ alpha: 1, beta: 1 }, { alpha: 1, beta: 1 }, 0.5, 2) // 0.5
 */
export function probabilityRatioWithin(control: Beta, treatment: Beta, low: number, high: number): number {
  requireBeta('probabilityRatioWithin', control);
  requireBeta('probabilityRatioWithin', treatment);
  if (!(low >= 0 && low <= high)) {
    throw new RangeError(`probabilityRatioWithin requires zero ≤ low ≤ high, got ${low} to ${high}`);
  }
  const [atLow, atHigh] = [splitAt(control, treatment, low), splitAt(control, treatment, high)];
  const inside = atLow.below < 0.5 ? atHigh.below - atLow.below : atLow.above - atHigh.above;
  return Math.max(0, inside);
}

/** The distribution of the ratio, cut at `ratio`. */
function splitAt(control: Beta, treatment: Beta, ratio: number): { readonly below: number; readonly above: number } {
  const logRatio = ratio > 0 ? Math.log(ratio) : -Infinity;
  if (logRatio < -FARTHEST) return { below: 0, above: 1 };
  if (logRatio > FARTHEST) return { below: 1, above: 0 };
  return logRatioSplit(new Bell(control), new Bell(treatment), logRatio);
}
