import { dirichletEvidence } from './dirichlet-evidence.ts';
import { exactSampleRatio } from './exact-sample-ratio.ts';
import { chiSquaredSurvival } from './incomplete-gamma.ts';

/**
 * Sample ratio: did visitors arrive in the proportions we asked for?
 *
 * A tiny p-value says that the experiment is broken (a redirect that loses people, a bot in one variant), not that a
 * variant is better; no result of it should be read. Test assigned and arrived visitors separately, so that the cause has
 * a name.
 */
export type SampleRatio =
  | { readonly kind: 'insufficient'; readonly needed: 'two variants with a weight' | 'a visitor' }
  | {
      readonly kind: 'tested';
      readonly test: 'exact' | 'chi-squared';
      readonly pValue: number;
      /** Visitors each variant should have had, 0 where the weight is 0. */
      readonly expected: readonly number[];
    };

export type RatioStratum = { readonly observed: readonly number[]; readonly weights: readonly number[] };

/** The usual alarm for one planned look. Read daily it is no 0.001 any more: see {@link sequentialSampleRatio}. */
export const SAMPLE_RATIO_ALARM = 0.001;

/** The alarm for any number of looks: an e-value of 1000 comes by chance in at most one experiment of a thousand. */
export const SAMPLE_RATIO_EVIDENCE = 1000;

/** Pearson's approximation is trusted from here on: Cochran's rule, and a total below which exact costs nothing. */
const ENOUGH_EXPECTED = 5;
const ENOUGH_VISITORS = 30;

/**
 * One look at the sample ratio.
 *
 * Pearson's chi-squared, Σ (observed - expected)² / expected, over variants with a weight, with one degree of freedom less
 * than there are of them; the exact multinomial test below 30 visitors or where a variant expects fewer than five. Variants
 * without a weight take no part, and a visitor in one of them is itself the mismatch: p = 0.
 * @example sampleRatio([5000, 5100], [1, 1]) // chi-squared, p = 0.31971817681287
 */
export function sampleRatio(observed: readonly number[], weights: readonly number[]): SampleRatio {
  const { shares, counts, total, stray } = weighted('sampleRatio', observed, weights);
  if (counts.length < 2) return { kind: 'insufficient', needed: 'two variants with a weight' };
  if (total === 0 && !stray) return { kind: 'insufficient', needed: 'a visitor' };

  const weight = weights.reduce((sum, w) => sum + w, 0);
  const expected = weights.map((w) => (total * w) / weight);
  if (stray) return { kind: 'tested', test: 'exact', pValue: 0, expected };
  if (total < ENOUGH_VISITORS || shares.some((share) => total * share < ENOUGH_EXPECTED))
    return { kind: 'tested', test: 'exact', pValue: exactSampleRatio(counts, shares), expected };

  const chiSquared = counts.reduce((sum, count, i) => {
    const hoped = total * (shares[i] ?? 0);
    return sum + (count - hoped) ** 2 / hoped;
  }, 0);
  return { kind: 'tested', test: 'chi-squared', pValue: chiSquaredSurvival(chiSquared, counts.length - 1), expected };
}

/** Visitors' worth of belief in the weights. Optimizely's default: finds a 10 % shift within a few thousand visitors. */
const CONCENTRATION = 100;

/** Stands for certainty: beyond every alarm, and unlike Infinity it survives JSON and `Math.exp`. */
const CERTAIN = Math.log(Number.MAX_VALUE);

/**
 * The sample ratio for daily reading: a Dirichlet-multinomial e-value, multiplied over weight epochs.
 *
 * Within one epoch it is a martingale under the right weights; a new epoch starts a new factor, so that a change of weights
 * never looks like a mismatch. Alarm at {@link SAMPLE_RATIO_EVIDENCE}.
 * @see Lindon & Malek, NeurIPS 2022
 * @example sequentialSampleRatio([{ observed: [5000, 5100], weights: [1, 1] }]).logEvidence // -1.82470985996683
 */
export function sequentialSampleRatio(strata: readonly RatioStratum[]): { readonly logEvidence: number } {
  let logEvidence = 0;
  for (const { observed, weights } of strata) {
    const { shares, counts, stray } = weighted('sequentialSampleRatio', observed, weights);
    if (stray) return { logEvidence: CERTAIN };
    if (counts.length >= 2) logEvidence += dirichletEvidence(counts, shares, CONCENTRATION);
  }
  return { logEvidence };
}

/** The variants that have a weight, their shares of the traffic, and whether anyone strayed into one that has none. */
function weighted(name: string, observed: readonly number[], weights: readonly number[]) {
  if (observed.length !== weights.length)
    throw new RangeError(`${name} requires one weight per variant, got ${weights.length} for ${observed.length}`);
  const total = observed.reduce((sum, count) => sum + count, 0);
  const weight = weights.reduce((sum, w) => sum + w, 0);
  const counts = observed.filter((_, i) => (weights[i] ?? 0) > 0);
  const shares = weights.filter((w) => w > 0).map((w) => w / weight);
  return { counts, shares, total, stray: observed.some((count, i) => count > 0 && weights[i] === 0) };
}
