import type { Interval } from './beta.ts';
import { requireLevel } from './beta.ts';
import type { Moments } from './mean.ts';
import { normalInterval } from './normal.ts';

/**
 * Addable sums over visitors of a pair: how often something came (`sum`) of how often it could have (`denominator`), with
 * the squares and products that say how they go together. Every visitor is one pair, those with nothing included.
 */
export type RatioMoments = Omit<Moments, 'sumOfCubes'> & {
  readonly denominator: number;
  readonly denominatorSquares: number;
  readonly products: number;
};

export type RatioEstimate =
  | { readonly kind: 'insufficient'; readonly needed: 'two visitors' | 'something that could have been' }
  | {
      readonly kind: 'estimated';
      readonly mean: number;
      readonly standardError: number;
      readonly interval: Interval;
    };

/**
 * Σx / Σd, such as replies per post, when visitors were randomised and not posts.
 *
 * By the delta method: with residuals r = x - R d of every visitor, the variance of R is n s²_r / (Σd)², which is
 * (s_x² - 2 R s_xd + R² s_d²) / (n d̄²). That alone is too sure where one visitor is most of the denominator: R is then nearly
 * theirs, and their residual nearly zero. Left out one at a time, a visitor with the share h of the denominator moves R by
 * r / (1 - h); no h is above √Σh², which the sums know, so the standard error is divided by 1 - √Σh². That is a hundredth with
 * ten thousand visitors who are alike, and everything with one who talks more than all others: their 500 posts make an interval
 * wide, never small. Normal theory: it wants some thirty visitors who have a denominator at all.
 * @see Deng, Knoblich & Lu, Applying the Delta Method in Metric Analytics, KDD 2018
 * @example estimateRatio({ count: 4, sum: 6, sumOfSquares: 12, denominator: 8, denominatorSquares: 18, products: 14 }) // 0.75, standard error 0.3258
 */
export function estimateRatio(moments: RatioMoments, level = 0.95): RatioEstimate {
  requireLevel('estimateRatio', level);
  const { count, sum, denominator } = moments;
  if (count < 2) return { kind: 'insufficient', needed: 'two visitors' };
  if (!(denominator > 0)) return { kind: 'insufficient', needed: 'something that could have been' };
  const mean = sum / denominator;
  const squares = Math.max(0, residualSquares(moments, mean));
  const largestShare = Math.sqrt(moments.denominatorSquares) / denominator;
  // One visitor is the whole denominator: without them there is no ratio, and nobody to compare them with.
  if (largestShare >= 1 - 1e-9) return { kind: 'insufficient', needed: 'two visitors' };
  const standardError = Math.sqrt((count * squares) / (count - 1)) / denominator / (1 - largestShare);
  return { kind: 'estimated', mean, standardError, interval: normalInterval({ mean, standardError }, level) };
}

/** Σ (x - R d)². @example residualSquares({ sumOfSquares: 12, products: 14, denominatorSquares: 18 }, 0.75) // 1.125 */
export const residualSquares = (
  {
    sumOfSquares,
    products,
    denominatorSquares,
  }: Pick<RatioMoments, 'sumOfSquares' | 'products' | 'denominatorSquares'>,
  ratio: number,
): number => sumOfSquares - 2 * ratio * products + ratio * ratio * denominatorSquares;
