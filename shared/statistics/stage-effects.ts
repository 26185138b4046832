import { posterior } from './beta.ts';
import { digamma, trigamma } from './digamma.ts';
import { inverse } from './inverse.ts';
import { normalCdf } from './jstat.ts';
import { logistic } from './logit.ts';

/** What one variant did among visitors of one stage of intent, frozen at assignment. */
export type StageCell = { readonly trials: number; readonly successes: number };

export type StageEffects =
  | {
      readonly kind: 'insufficient';
      readonly needed: 'two variants and two stages' | 'ten goals in every variant and stage';
    }
  | {
      readonly kind: 'estimated';
      /** `per-stage` when a policy per stage beats the single best variant by more than δ with probability 0.95. */
      readonly verdict: 'one-for-all' | 'per-stage';
      /** The variant with the highest rate over all visitors. */
      readonly single: number;
      /** For each stage, the variant with the highest shrunken rate. */
      readonly perStage: readonly number[];
      /** P(policy per stage brings more than (1 + δ) times the goals of the single best). */
      readonly probabilityBetter: number;
      /** Goals per visitor that the policy per stage is expected to add. */
      readonly gain: number;
      /** Shrunken rates, by variant and then stage. */
      readonly rates: readonly (readonly number[])[];
      /** Expected size of the interaction, in log odds. */
      readonly interaction: number;
    };

const ENOUGH_GOALS = 10;
const SURE = 0.95;

/** What interactions are believed to be: half-normal, two thirds below a fifth in log odds. Most segments want the same thing. */
const INTERACTION_SD = 0.2;
const INTERACTIONS = Array.from({ length: 25 }, (_, i) => (i * 4 * INTERACTION_SD) / 24);

/**
 * One winner for all, or a winner per stage of intent?
 *
 * Reading the winner off every segment finds differences in noise. Here logit rate = variant + stage + interaction, the
 * interaction N(0, τ²), so that each cell borrows from the others as much as the data say they are alike; τ is averaged over
 * and not chosen. A policy per stage is named only if it beats the single best variant by more than `delta` (relative) with
 * probability 0.95.
 *
 * Cells enter as normals on the log-odds scale with the exact mean and variance of their Beta posteriors, which is why each
 * needs ten goals. Given τ all is linear and exact; the gain in rate is linearised at the posterior mean. Deterministic.
 *
 * `cells[variant][stage]`. Stages must be frozen before exposure: a stage that the variant itself can change is no segment.
 * @example stageEffects([[{ trials: 10_000, successes: 300 }, { trials: 10_000, successes: 1000 }],
 *   [{ trials: 10_000, successes: 400 }, { trials: 10_000, successes: 800 }]]) // 'per-stage': the second early, the first late
 * @see Gelman & Hill, Data Analysis Using Regression and Multilevel/Hierarchical Models, ch. 12 to 14
 */
export function stageEffects(cells: readonly (readonly StageCell[])[], delta = 0.01): StageEffects {
  const [variants, stages] = [cells.length, cells[0]?.length ?? 0];
  if (variants < 2 || stages < 2) return { kind: 'insufficient', needed: 'two variants and two stages' };
  const flat = cells.flat();
  if (flat.some(({ successes, trials }) => Math.min(successes, trials - successes) < ENOUGH_GOALS))
    return { kind: 'insufficient', needed: 'ten goals in every variant and stage' };

  const beliefs = flat.map(({ successes, trials }) => posterior(successes, trials));
  const seen: Seen = {
    logits: beliefs.map(({ alpha, beta }) => digamma(alpha) - digamma(beta)),
    variances: beliefs.map(({ alpha, beta }) => trigamma(alpha) + trigamma(beta)),
    design: flat.map((_, cell) => designRow(Math.floor(cell / stages), cell % stages, variants, stages)),
  };
  const fits = weighed(INTERACTIONS.map((tau) => fitted(seen, tau)));
  const average = (of: (f: Fit) => number) => fits.reduce((sum, each) => sum + each.weight * of(each), 0);

  const rate = (variant: number, stage: number) =>
    average(({ means }) => logistic(means[variant * stages + stage] ?? 0));
  const rates = cells.map((row, variant) => row.map((_, stage) => rate(variant, stage)));
  const everyone = flat.reduce((sum, { trials }) => sum + trials, 0);
  const shares = Array.from({ length: stages }, (_, stage) => {
    return cells.reduce((sum, row) => sum + (row[stage]?.trials ?? 0), 0) / everyone;
  });
  const overall = rates.map((row) => row.reduce((sum, each, stage) => sum + each * (shares[stage] ?? 0), 0));
  const single = highest(overall);
  const perStage = shares.map((_, stage) => highest(rates.map((row) => row[stage] ?? 0)));

  const contrast = (f: Fit) => gainOf(f, { shares, single, perStage, stages });
  const worth = delta * (overall[single] ?? 0);
  // Where the two policies are one and the same, the gain is zero and no draw of it exceeds δ.
  const probabilityBetter = average((f) => {
    const { mean, sd } = contrast(f);
    return sd > 0 ? normalCdf((mean - worth) / sd) : 0;
  });
  return {
    kind: 'estimated',
    verdict: probabilityBetter >= SURE ? 'per-stage' : 'one-for-all',
    single,
    perStage,
    probabilityBetter,
    gain: average((f) => contrast(f).mean),
    rates,
    interaction: average(({ tau }) => tau),
  };
}

type Seen = {
  readonly logits: readonly number[];
  readonly variances: readonly number[];
  readonly design: readonly (readonly number[])[];
};

type Fit = {
  readonly tau: number;
  readonly logWeight: number;
  readonly means: readonly number[];
  readonly covariance: (i: number, j: number) => number;
};

/** One column per variant, and one per stage after the first, which the variants' columns already speak for. */
function designRow(variant: number, stage: number, variants: number, stages: number): readonly number[] {
  const inVariant = Array.from({ length: variants }, (_, column) => (column === variant ? 1 : 0));
  const inStage = Array.from({ length: stages - 1 }, (_, column) => (column === stage - 1 ? 1 : 0));
  return [...inVariant, ...inStage];
}

/** The posterior of all cells given τ, main effects flat: weighted regression, and each cell shrunken towards its line. */
function fitted({ logits, variances, design }: Seen, tau: number): Fit {
  const columns = design[0]?.map((_, column) => column) ?? [];
  const precision = variances.map((variance) => 1 / (variance + tau * tau));
  const weightedSum = (term: (cell: number) => number) =>
    precision.reduce((sum, weight, cell) => sum + weight * term(cell), 0);
  const entry = (cell: number, column: number) => design[cell]?.[column] ?? 0;
  const normal = columns.map((a) => columns.map((b) => weightedSum((cell) => entry(cell, a) * entry(cell, b))));
  const { inverse: spread, logDeterminant } = inverse(normal);
  const right = columns.map((column) => weightedSum((cell) => entry(cell, column) * (logits[cell] ?? 0)));
  const effects = columns.map((a) => columns.reduce((sum, b) => sum + (spread[a]?.[b] ?? 0) * (right[b] ?? 0), 0));
  const line = design.map((row) => row.reduce((sum, value, column) => sum + value * (effects[column] ?? 0), 0));
  const trust = precision.map((weight) => tau * tau * weight);

  const misfit = weightedSum((cell) => ((logits[cell] ?? 0) - (line[cell] ?? 0)) ** 2);
  const logPrecision = precision.reduce((sum, weight) => sum + Math.log(weight), 0);
  const logPrior = -((tau / INTERACTION_SD) ** 2) / 2;
  const spreadOf = (i: number, j: number) =>
    columns.reduce(
      (sum, a) => sum + entry(i, a) * columns.reduce((inner, b) => inner + (spread[a]?.[b] ?? 0) * entry(j, b), 0),
      0,
    );
  return {
    tau,
    logWeight: (logPrecision - logDeterminant - misfit) / 2 + logPrior,
    means: line.map((value, cell) => value + (trust[cell] ?? 0) * ((logits[cell] ?? 0) - value)),
    covariance: (i, j) =>
      (i === j ? tau * tau * (1 - (trust[i] ?? 0)) : 0) +
      (1 - (trust[i] ?? 0)) * (1 - (trust[j] ?? 0)) * spreadOf(i, j),
  };
}

/** The fits with weights that sum to one, by how well each τ explains the data. */
function weighed(fits: readonly Fit[]): readonly (Fit & { readonly weight: number })[] {
  const largest = Math.max(...fits.map(({ logWeight }) => logWeight));
  const total = fits.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - largest), 0);
  return fits.map((each) => ({ ...each, weight: Math.exp(each.logWeight - largest) / total }));
}

type Policies = {
  readonly shares: readonly number[];
  readonly single: number;
  readonly perStage: readonly number[];
  readonly stages: number;
};

/** Goals per visitor gained by the policy per stage, as a normal: the rates linearised in the log odds. */
function gainOf({ means, covariance }: Fit, { shares, single, perStage, stages }: Policies) {
  const slopes = new Map<number, number>();
  let mean = 0;
  perStage.forEach((variant, stage) => {
    if (variant === single) return;
    for (const [cell, sign] of [
      [variant * stages + stage, 1],
      [single * stages + stage, -1],
    ] as const) {
      const rate = logistic(means[cell] ?? 0);
      mean += sign * (shares[stage] ?? 0) * rate;
      slopes.set(cell, sign * (shares[stage] ?? 0) * rate * (1 - rate));
    }
  });
  let variance = 0;
  for (const [i, a] of slopes) for (const [j, b] of slopes) variance += a * b * covariance(i, j);
  return { mean, sd: Math.sqrt(Math.max(0, variance)) };
}

const highest = (values: readonly number[]): number => values.indexOf(Math.max(...values));
