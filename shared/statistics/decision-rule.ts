import { evidenceThreshold } from './evidence.ts';

/**
 * When a comparison may be called, so that looking every day stays honest.
 *
 * The 5 % of false winners a policy may have are spent in two purses: one fifth on all looks before the planned end
 * together (Ville's inequality pays for any number of them), four fifths on the one look at the planned end. Their union
 * bounds the whole. After the planned end only evidence counts, from the same first purse.
 */
const ALPHA_EARLY = 0.01;
const ALPHA_END = 0.04;
const BEST_AT_LEAST = 0.95;

/**
 * May this variant be called the winner before (or after) the planned end?
 *
 * Yes, when the anytime-valid evidence that it differs from every other variant reaches (variants - 1) / alphaEarly and the
 * posterior agrees that it is the best. `logEvidence` is the least of its comparisons, one with each other variant.
 *
 * Among any true rates some variant is not beaten by another. Naming a variant it is not behind takes a passed comparison with
 * it, and it takes part in variants - 1 of them, each false with probability alphaEarly / (variants - 1) at most: whatever the
 * truth, a variant that is not the best is named with probability alphaEarly at most, over all looks.
 * @see docs/statistics.md, "What decides"
 * @example decideEarly({ logEvidence: Math.log(120), best: 0.99, variants: 2 }) // true
 */
export function decideEarly(look: {
  readonly logEvidence: number;
  readonly best: number;
  readonly variants: number;
  readonly alphaEarly?: number;
  readonly bestAtLeast?: number;
}): boolean {
  const { logEvidence, best, variants, alphaEarly = ALPHA_EARLY, bestAtLeast = BEST_AT_LEAST } = look;
  return logEvidence >= Math.log(evidenceThreshold(alphaEarly, variants)) && best > bestAtLeast;
}

/**
 * What P(one variant beats another) says at the planned end: the only look at which it alone may decide.
 *
 * With a flat prior this probability is uniform when the two are equal, up to the roundness of counts, so that each side
 * errs alphaEnd / 2, shared out over as many `claims` as are made (Bonferroni): variants - 1 when every treatment is told to
 * be better than the control or not.
 *
 * "The best" is one claim, however many variants there are: the one ahead need only be told apart from the runner-up. That the
 * leader was picked by the data costs nothing, as a leader picked by chance has its rivals close behind; the most errors come
 * where two are equal and all others hopeless, which is the case of two. (Proved for equal weights; for weights up to 50 to 1 measured,
 * docs/statistics.md.)
 * @see Gutmann & Maymin, Annals of Statistics 1987; Hung & Fithian, Rank verification, Annals of Statistics 2019
 * @example decideAtEnd({ beats: 0.985 }) // 'ahead'
 */
export function decideAtEnd(end: {
  readonly beats: number;
  readonly claims?: number;
  readonly alphaEnd?: number;
}): 'ahead' | 'behind' | 'undecided' {
  const { beats, claims = 1, alphaEnd = ALPHA_END } = end;
  const side = alphaEnd / 2 / claims;
  if (beats > 1 - side) return 'ahead';
  return beats < side ? 'behind' : 'undecided';
}
