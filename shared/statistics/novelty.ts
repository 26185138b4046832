import type { Interval } from './beta.ts';
import { estimateMean, type Moments } from './mean.ts';
import { minusNormal, normalInterval, probabilityAboveZero } from './normal.ts';

export type Novelty = {
  /** `fades` when the effect of the first week is larger than that of the later ones with probability 0.95; `grows` the other way. */
  readonly verdict: 'fades' | 'grows' | 'steady';
  /** Effect in week 1 minus the mean effect of the weeks after, as a share of visitors. */
  readonly change: number;
  readonly interval: Interval;
  /** P(the effect of week 1 is larger than that of the weeks after). */
  readonly probabilityFades: number;
};

const SURE = 0.95;

/**
 * Does what the treatment does wear off?
 *
 * Of every visitor, (weeks - 1) times "active in week 1" minus the weeks active after it: the sums of that contrast and its
 * squares, per variant. The visitor is the unit, so that how their weeks hang together is in the variance and needs no model.
 * Every visitor must have had all weeks. The difference of the two means over (weeks - 1) is the effect in week 1 minus the
 * mean effect afterwards; its posterior is normal, from a flat prior. One look: read every week, one in twenty is flagged by chance.
 * @returns undefined with fewer than two visitors in a variant, or fewer than two weeks
 * @example novelty({ count: 4, sum: 2, sumOfSquares: 6 }, { count: 4, sum: 6, sumOfSquares: 14 }, 2)?.change // 1
 */
export function novelty(control: Moments, treatment: Moments, weeks: number): Novelty | undefined {
  const a = estimateMean(control);
  const b = estimateMean(treatment);
  if (weeks < 2 || a.kind !== 'estimated' || b.kind !== 'estimated') return undefined;
  const contrast = minusNormal(b, a);
  const change = { mean: contrast.mean / (weeks - 1), standardError: contrast.standardError / (weeks - 1) };
  const probabilityFades = probabilityAboveZero(change);
  return {
    verdict: probabilityFades >= SURE ? 'fades' : probabilityFades <= 1 - SURE ? 'grows' : 'steady',
    change: change.mean,
    interval: normalInterval(change),
    probabilityFades,
  };
}
