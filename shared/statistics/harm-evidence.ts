import { normalCdf } from './jstat.ts';
import { probabilityAboveZero } from './normal.ts';
import { type RatioMoments, residualSquares } from './ratio.ts';

/** One cohort day under one set of weights, in which both variants were watched equally long. A mean has every visitor as its denominator. */
export type HarmStratum = { readonly control: RatioMoments; readonly treatment: RatioMoments };

export type Harm = {
  /** Treatment over control, by Mantel and Haenszel over the strata; null while the control has nothing. */
  readonly ratio: number | null;
  /** P(worse than tolerated), flat prior. For one look: read every day it is too sure, and no guardrail goes by it. */
  readonly probability: number;
  /** Log of an e-value against "at least as good as tolerated": may be read every day. */
  readonly logEvidence: number;
};

/**
 * Is the treatment worse than the tolerated share ρ of the control, for a measure of which more is better? One-sided, and
 * stratified as {@link scoreEvidence} is; for a measure of which less is better, `less` turns it round.
 *
 * Per stratum, of sums X over denominators D, with R = (ρ X_A + X_B) / D the level both would have on the line between
 * tolerated and not, and r = ρ x - R d (control), x - R d (treatment) the residual of each visitor:
 *
 *   U += (D_B ρ X_A - D_A X_B) / D                       what the treatment is short of
 *   V += n_A n_B s² / n                                 s² the spread of all residuals, or
 *   V += (D_B / D)² n_A s²_A + (D_A / D)² n_B s²_B        of each variant's own, or
 *   V += (D_B / D)² n_A t²_A + (D_A / D)² n_B t²_B        of what each would have on that line
 *   G += R D_A D_B / D                                   what U is per unit of relative harm
 *
 * U is the sum of the control's residuals, and residuals know nothing of variants: dealing the variants out anew would give U
 * the first V exactly, however skewed the values and however much one visitor does. It is also all there is to go by while
 * a variant has nothing yet. The second V is for a variant that truly scatters more. The third is for wide margins, where the
 * two cannot scatter alike: on the line ρ times as many do the same, so that with a² the mean square of everybody, an x² of the
 * treatment and ρ x² of the control to each, t²_B = a² - R² and t²_A = ρ a² - R² (for ones and zeros the variance of the score test).
 * A small treatment that by chance has little scatters little too, and by its own spread would look surely bad. The largest sum
 * counts. The likelihood ratio
 * exp(θ U - θ² V / 2), mixed over a half-normal θ > 0 whose scale is a harm of `effect`, θ = effect G / V, is with z = U / √V and
 * g = effect² G² / V
 *
 *   log E = log 2 - ½ log(1 + g) + z² g / (2 (1 + g)) + log Φ(z √(g / (1 + g)))
 *
 * For ρ = 1 and ones and zeros, U and the first V are exactly those of {@link scoreEvidence}. Whatever is better than tolerated
 * makes every factor smaller, so one test serves the whole of "not worse".
 *
 * Asymptotic: V and the scale are estimated, so Ville's inequality holds in the limit, not for ten visitors. Cohorts may be
 * read before they are mature, because both variants of a stratum are equally old; what a visitor does later must not go
 * against what they did before much more than chance would. `test/simulation/guardrails.test.ts` measures the false stops of
 * daily looks, over skewed money, open windows, wide margins and one visitor in ten: below 5 % in all.
 * @example harmEvidence([{ control: { count: 100, sum: 130, sumOfSquares: 400, denominator: 100, denominatorSquares: 100, products: 130 },
 *   treatment: { count: 100, sum: 100, sumOfSquares: 290, denominator: 100, denominatorSquares: 100, products: 100 } }],
 *   { margin: 0.1, effect: 0.3 }).probability // 0.807
 * @see Robbins, Annals of Mathematical Statistics 1970; Waudby-Smith & others, arXiv:2103.06476 (asymptotic e-processes)
 */
export function harmEvidence(
  strata: readonly HarmStratum[],
  { margin, effect, less = false }: { readonly margin: number; readonly effect: number; readonly less?: boolean },
): Harm {
  if (!(margin >= 0 && margin < 1))
    throw new RangeError(`harmEvidence requires a margin from zero to one, got ${margin}`);
  if (!(effect > 0)) throw new RangeError(`harmEvidence requires a positive effect, got ${effect}`);
  const tolerated = less ? 1 + margin : 1 - margin;
  const sums = { score: 0, common: 0, own: 0, onLine: 0, level: 0, treatment: 0, control: 0 };
  for (const { control, treatment } of strata) {
    const [a, b] = [control.denominator, treatment.denominator];
    if (!(a > 0 && b > 0) || control.count + treatment.count < 2) continue;
    const share = { control: a / (a + b), treatment: b / (a + b) };
    const level = (tolerated * control.sum + treatment.sum) / (a + b);
    const squares = {
      control: tolerated ** 2 * residualSquares(control, level / tolerated),
      treatment: residualSquares(treatment, level),
    };
    const spread = (squares.control + squares.treatment) / (control.count + treatment.count - 1);
    const line = squaresOnLine(control, treatment, { tolerated, level });
    sums.score += share.treatment * tolerated * control.sum - share.control * treatment.sum;
    sums.level += level * a * share.treatment;
    sums.control += share.treatment * control.sum;
    sums.treatment += share.control * treatment.sum;
    sums.common += (spread * control.count * treatment.count) / (control.count + treatment.count);
    sums.own += share.treatment ** 2 * squares.control + share.control ** 2 * squares.treatment;
    sums.onLine += share.treatment ** 2 * line.control + share.control ** 2 * line.treatment;
  }
  const score = less ? -sums.score : sums.score;
  const variance = Math.max(sums.common, sums.own, sums.onLine);
  const ratio = sums.control > 0 ? sums.treatment / sums.control : null;
  if (!(variance > 0 && sums.level > 0)) return { ratio, probability: 0.5, logEvidence: 0 };
  const z = score / Math.sqrt(variance);
  const gain = (effect * sums.level) ** 2 / variance;
  const trust = gain / (1 + gain);
  return {
    ratio,
    probability: probabilityAboveZero({ mean: z, standardError: 1 }),
    logEvidence:
      Math.LN2 -
      Math.log1p(gain) / 2 +
      (trust * z * z) / 2 +
      // So far below zero that Φ underflows, the first terms grow as fast as the last one falls; any number will do.
      Math.log(Math.max(normalCdf(z * Math.sqrt(trust)), Number.MIN_VALUE)),
  };
}

/** The sums of squared residuals that n_A and n_B visitors would have if ρ times as many of the treatment's did the same as the control's. */
function squaresOnLine(
  control: RatioMoments,
  treatment: RatioMoments,
  { tolerated, level }: { readonly tolerated: number; readonly level: number },
) {
  const visitors = control.count + treatment.count;
  const squares = tolerated * control.sumOfSquares + treatment.sumOfSquares;
  const products = tolerated * control.products + treatment.products;
  const rest = level * level * (control.denominatorSquares + treatment.denominatorSquares) - 2 * level * products;
  const each = (share: number, count: number) => Math.max(0, (share * squares + rest) / (visitors - 1)) * count;
  return { control: each(tolerated, control.count), treatment: each(1, treatment.count) };
}
