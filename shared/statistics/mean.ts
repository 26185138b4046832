import type { Interval } from './beta.ts';
import { requireLevel } from './beta.ts';
import { compareNormals, type NormalComparison, normalInterval } from './normal.ts';

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
    interval: normalInterval({ mean, standardError }, level),
    skewness,
    trusted: visitorsForTrust === null ? null : count >= visitorsForTrust,
    visitorsForTrust,
  };
}

function skewnessOf({ count, sumOfSquares, sumOfCubes = 0 }: Moments, mean: number, variance: number): number {
  return (sumOfCubes / count - (3 * mean * sumOfSquares) / count + 2 * mean ** 3) / variance ** 1.5;
}

export type MeanComparison = NormalComparison & {
  readonly kind: 'compared';
  /** Both variants have enough visitors for their skewness; null where either is not known. */
  readonly trusted: boolean | null;
};

/**
 * Two means compared: difference, P(beats control), and the ratio by Fieller ({@link compareNormals}).
 * @example compareMeans({ count: 4, sum: 8, sumOfSquares: 18 }, { count: 4, sum: 12, sumOfSquares: 38 }).ratio // 1.5, from 0.9486 to 2.6231
 */
export function compareMeans(control: Moments, treatment: Moments, level = 0.95): MeanComparison | NoMean {
  const a = estimateMean(control, level);
  const b = estimateMean(treatment, level);
  if (a.kind !== 'estimated') return a;
  if (b.kind !== 'estimated') return b;
  const trusted = a.trusted === null || b.trusted === null ? null : a.trusted && b.trusted;
  return { kind: 'compared', ...compareNormals(a, b, level), trusted };
}
