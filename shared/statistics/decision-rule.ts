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
 * Yes, when the anytime-valid evidence against "no difference" reaches (variants - 1) / alphaEarly and the posterior agrees
 * that it is the best. `logEvidence` is the variant's comparison with the control; for the control itself, the smallest
 * over all treatments.
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
 * What one treatment's P(beats control) says at the planned end: the only look at which it alone may decide.
 *
 * With a flat prior this probability is uniform when nothing differs, up to the roundness of counts, so that each side
 * errs alphaEnd / 2, shared out over the treatments (Bonferroni).
 * @example decideAtEnd({ beatsControl: 0.985, variants: 2 }) // 'treatment'
 */
export function decideAtEnd(end: {
  readonly beatsControl: number;
  readonly variants: number;
  readonly alphaEnd?: number;
}): 'treatment' | 'control' | 'undecided' {
  const { beatsControl, variants, alphaEnd = ALPHA_END } = end;
  const side = alphaEnd / 2 / (variants - 1);
  if (beatsControl > 1 - side) return 'treatment';
  return beatsControl < side ? 'control' : 'undecided';
}
