import type { Interval } from './beta.ts';
import { estimateMean, type Moments } from './mean.ts';
import { minusNormal, type Normal, normalInterval, probabilityAboveZero } from './normal.ts';

export type Novelty = {
  /** `fades` when the evidence is that the effect of the first week is larger than that of the later ones; `grows` the other way. */
  readonly verdict: 'fades' | 'grows' | 'steady';
  /** Effect in week 1 minus the mean effect of the weeks after, as a share of visitors. */
  readonly change: number;
  readonly interval: Interval;
  /** P(the effect of week 1 is larger than that of the weeks after), flat prior. For one look: read every week it is too sure. */
  readonly probabilityFades: number;
  /** Log of an e-value against "the effect of week 1 is that of the weeks after": may be read every week. */
  readonly logEvidence: number;
};

/** False flags of all treatments together, in either direction, over all looks. */
const FALSE_FLAGS = 0.05;
/** The change looked for is what so many visitors of both variants can just tell from nothing. */
const VISITORS_TO_TELL = 200;

/**
 * Does what the treatment does wear off?
 *
 * Of every visitor, (weeks - 1) times "active in week 1" minus the weeks active after it: the sums of that contrast and its
 * squares, per variant. The visitor is the unit, so that how their weeks hang together is in the variance and needs no model.
 * Every visitor must have had all weeks. The difference of the two means over (weeks - 1) is the effect in week 1 minus the
 * mean effect afterwards; its posterior is normal, from a flat prior.
 *
 * Read every week for a quarter, P above 0.95 or below 0.05 comes in a third of experiments in which nothing changes
 * (`test/simulation/novelty.test.ts`). So the flag goes by evidence: with z the contrast in standard errors and g the visitors over
 * 200, mixing over N(0, g) gives log E = z² g / (2 (1 + g)) - ½ log(1 + g), and by Ville's inequality E reaches `treatments` / 0.05 in at most
 * 5 % of such experiments. Asymptotic, as the variance is estimated.
 * @returns undefined with fewer than two visitors in a variant, or fewer than two weeks
 * @see Robbins, Annals of Mathematical Statistics 1970; Waudby-Smith & others, arXiv:2103.06476
 * @example novelty({ count: 4, sum: 2, sumOfSquares: 6 }, { count: 4, sum: 6, sumOfSquares: 14 }, 2)?.change // 1
 */
export function novelty(control: Moments, treatment: Moments, weeks: number, treatments = 1): Novelty | undefined {
  const a = estimateMean(control);
  const b = estimateMean(treatment);
  if (weeks < 2 || a.kind !== 'estimated' || b.kind !== 'estimated') return undefined;
  const contrast = minusNormal(b, a);
  const change = { mean: contrast.mean / (weeks - 1), standardError: contrast.standardError / (weeks - 1) };
  const probabilityFades = probabilityAboveZero(change);
  const logEvidence = evidenceOf(contrast, control.count + treatment.count);
  const flagged = logEvidence >= Math.log(treatments / FALSE_FLAGS);
  return {
    verdict: !flagged ? 'steady' : change.mean > 0 ? 'fades' : 'grows',
    change: change.mean,
    interval: normalInterval(change),
    probabilityFades,
    logEvidence,
  };
}

function evidenceOf({ mean, standardError }: Normal, visitors: number): number {
  if (!(standardError > 0)) return 0;
  const gain = visitors / VISITORS_TO_TELL;
  return ((mean / standardError) ** 2 * gain) / (2 * (1 + gain)) - Math.log1p(gain) / 2;
}
