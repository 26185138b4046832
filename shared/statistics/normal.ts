import type { Interval } from './beta.ts';
import { requireLevel } from './beta.ts';
import { normalCdf, normalQuantile } from './jstat.ts';

/** What is believed about a mean when there are enough visitors for normal theory: where it is, and how surely. */
export type Normal = { readonly mean: number; readonly standardError: number };

/** Two normal beliefs against each other; the second is the treatment. */
export type NormalComparison = {
  /** Treatment minus control. */
  readonly difference: number;
  readonly differenceInterval: Interval;
  /** P(treatment's is higher), flat prior. */
  readonly beatsControl: number;
  /** Treatment over control with Fieller's interval; null where the control's may be zero. */
  readonly ratio: { readonly estimate: number; readonly interval: Interval } | null;
};

/** @example normalInterval({ mean: 10, standardError: 1 }) // 8.040036015 to 11.959963985 */
export function normalInterval({ mean, standardError }: Normal, level = 0.95): Interval {
  requireLevel('normalInterval', level);
  const halfWidth = normalQuantile((1 + level) / 2) * standardError;
  return { low: mean - halfWidth, high: mean + halfWidth };
}

/**
 * P(above zero). Where nothing varies, it is certain; where nothing varies and nothing differs, both directions are as likely.
 * @example probabilityAboveZero({ mean: 1.959963984540054, standardError: 1 }) // 0.975
 */
export const probabilityAboveZero = ({ mean, standardError }: Normal): number =>
  standardError > 0 ? normalCdf(mean / standardError) : (Math.sign(mean) + 1) / 2;

/** The difference of two independent beliefs. */
export const minusNormal = (b: Normal, a: Normal): Normal => ({
  mean: b.mean - a.mean,
  standardError: Math.hypot(a.standardError, b.standardError),
});

/**
 * A weighted sum of independent beliefs: how rates of several weight epochs become one rate over a single mix of them.
 * @example weightedSum([{ share: 0.5, belief: { mean: 2, standardError: 3 } }, { share: 0.5, belief: { mean: 4, standardError: 4 } }]) // mean 3, standard error 2.5
 */
export const weightedSum = (parts: readonly { readonly share: number; readonly belief: Normal }[]): Normal => ({
  mean: parts.reduce((sum, { share, belief }) => sum + share * belief.mean, 0),
  standardError: Math.hypot(...parts.map(({ share, belief }) => share * belief.standardError)),
});

/**
 * Difference, P(beats control), and the ratio by Fieller.
 *
 * Fieller's interval holds every ratio ρ for which mean_B - ρ mean_A is within z standard errors of zero: the roots of
 * (mean_A² - z² s_A²) ρ² - 2 mean_A mean_B ρ + (mean_B² - z² s_B²) = 0. It is not symmetric, and where the control's mean is
 * not clear of zero there is no bounded interval; then there is no ratio to report, and none is.
 * @see Fieller, JRSS B 1954
 */
export function compareNormals(control: Normal, treatment: Normal, level = 0.95): NormalComparison {
  const difference = minusNormal(treatment, control);
  return {
    difference: difference.mean,
    differenceInterval: normalInterval(difference, level),
    beatsControl: probabilityAboveZero(difference),
    ratio: fieller(control, treatment, level),
  };
}

function fieller(a: Normal, b: Normal, level: number): NormalComparison['ratio'] {
  const z = normalQuantile((1 + level) / 2);
  const leading = a.mean ** 2 - (z * a.standardError) ** 2;
  if (leading <= 0) return null;
  const middle = a.mean * b.mean;
  const last = b.mean ** 2 - (z * b.standardError) ** 2;
  // Equal to z² (s_A² mean_B² + s_B² mean_A² - z² s_A² s_B²), and not negative once the leading term is positive.
  const root = Math.sqrt(Math.max(0, middle * middle - leading * last));
  return { estimate: b.mean / a.mean, interval: { low: (middle - root) / leading, high: (middle + root) / leading } };
}
