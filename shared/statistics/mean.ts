import type { Interval } from './beta.ts';
import { requireLevel } from './beta.ts';
import { normalCdf, normalQuantile } from './jstat.ts';

/** Addable sums over visitors, zeros included: of a value (money in its smallest unit), its square and its cube. */
export type Moments = {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly sumOfCubes?: number;
};

export type MeanEstimate = {
  readonly kind: 'estimated';
  readonly mean: number;
  readonly standardError: number;
  readonly interval: Interval;
  /** Third standardised moment; null where cubes were not summed or nothing varies. */
  readonly skewness: number | null;
  /** Are there enough visitors for normal theory? null where the skewness is not known. */
  readonly trusted: boolean | null;
  /** Visitors normal theory asks for at this skewness. */
  readonly visitorsForTrust: number | null;
};

export type NoMean = { readonly kind: 'insufficient'; readonly needed: 'two visitors per variant' };

/**
 * Kohavi's rule: 355 · skewness² visitors until the mean's distribution is normal enough for a 95 % interval (each tail
 * within 2 to 3 %). Money is skewed: at a skewness of 20, that is 142,000 visitors.
 */
const PER_SQUARED_SKEWNESS = 355;

/**
 * The mean of a value per visitor with its normal-theory interval, and whether to trust it.
 *
 * Values with rare large amounts should be capped beforehand, at a cap frozen at the start.
 *
 * Caveat: the variance comes from sums, Σ v² - n mean², and loses digits when the mean is many times the spread; for
 * money with many zeros it is not.
 * @see Kohavi, Deng, Longbotham & Xu, Seven Rules of Thumb for Web Site Experimenters, KDD 2014
 * @example estimateMean({ count: 4, sum: 8, sumOfSquares: 24 }) // mean 2, standard error 0.816496580927726
 */
export function estimateMean(moments: Moments, level = 0.95): MeanEstimate | NoMean {
  requireLevel('estimateMean', level);
  const { count, sum, sumOfSquares, sumOfCubes } = moments;
  if (count < 2) return { kind: 'insufficient', needed: 'two visitors per variant' };
  const mean = sum / count;
  const squares = Math.max(0, sumOfSquares - count * mean * mean);
  const standardError = Math.sqrt(squares / (count - 1) / count);
  const skewness = sumOfCubes === undefined || squares === 0 ? null : skewnessOf(moments, mean, squares / count);
  const visitorsForTrust = skewness === null ? null : Math.ceil(PER_SQUARED_SKEWNESS * skewness * skewness);
  return {
    kind: 'estimated',
    mean,
    standardError,
    interval: around(mean, standardError, level),
    skewness,
    trusted: visitorsForTrust === null ? null : count >= visitorsForTrust,
    visitorsForTrust,
  };
}

function skewnessOf({ count, sumOfSquares, sumOfCubes = 0 }: Moments, mean: number, variance: number): number {
  return (sumOfCubes / count - (3 * mean * sumOfSquares) / count + 2 * mean ** 3) / variance ** 1.5;
}

export type MeanComparison = {
  readonly kind: 'compared';
  /** Treatment minus control. */
  readonly difference: number;
  readonly differenceInterval: Interval;
  /** P(treatment's mean is higher), flat prior, normal theory. */
  readonly beatsControl: number;
  /** Treatment over control with Fieller's interval; null where the control's mean may be zero. */
  readonly ratio: { readonly estimate: number; readonly interval: Interval } | null;
  /** Both variants have enough visitors for their skewness; null where either is not known. */
  readonly trusted: boolean | null;
};

/**
 * Two means compared: difference, P(beats control), and the ratio by Fieller.
 *
 * Fieller's interval holds every ratio ρ for which mean_B - ρ mean_A is within z standard errors of zero: the roots of
 * (mean_A² - z² s_A²) ρ² - 2 mean_A mean_B ρ + (mean_B² - z² s_B²) = 0. It is not symmetric, and where the control's mean is
 * not clear of zero there is no bounded interval; then there is no ratio to report, and none is.
 * @see Fieller, JRSS B 1954
 * @example compareMeans({ count: 4, sum: 8, sumOfSquares: 18 }, { count: 4, sum: 12, sumOfSquares: 38 }).ratio // 1.5, from 0.9486 to 2.6231
 */
export function compareMeans(control: Moments, treatment: Moments, level = 0.95): MeanComparison | NoMean {
  const a = estimateMean(control, level);
  const b = estimateMean(treatment, level);
  if (a.kind !== 'estimated') return a;
  if (b.kind !== 'estimated') return b;
  const difference = b.mean - a.mean;
  const standardError = Math.hypot(a.standardError, b.standardError);
  const trusted = a.trusted === null || b.trusted === null ? null : a.trusted && b.trusted;
  return {
    kind: 'compared',
    difference,
    differenceInterval: around(difference, standardError, level),
    // Nothing varies and nothing differs: both directions are as likely.
    beatsControl: standardError > 0 ? normalCdf(difference / standardError) : (Math.sign(difference) + 1) / 2,
    ratio: fieller(a, b, level),
    trusted,
  };
}

function fieller(a: MeanEstimate, b: MeanEstimate, level: number): MeanComparison['ratio'] {
  const z = normalQuantile((1 + level) / 2);
  const leading = a.mean ** 2 - (z * a.standardError) ** 2;
  if (leading <= 0) return null;
  const middle = a.mean * b.mean;
  const last = b.mean ** 2 - (z * b.standardError) ** 2;
  // Equal to z² (s_A² mean_B² + s_B² mean_A² - z² s_A² s_B²), and not negative once the leading term is positive.
  const root = Math.sqrt(Math.max(0, middle * middle - leading * last));
  return { estimate: b.mean / a.mean, interval: { low: (middle - root) / leading, high: (middle + root) / leading } };
}

function around(centre: number, standardError: number, level: number): Interval {
  const halfWidth = normalQuantile((1 + level) / 2) * standardError;
  return { low: centre - halfWidth, high: centre + halfWidth };
}
