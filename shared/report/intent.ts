import { INTENT_SEGMENT, INTENTS, type IntentStage } from '../experiment/intent-stage.ts';
import type { Policy } from '../experiment/policy.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { betaMean } from '../statistics/beta.ts';
import { betaInterval } from '../statistics/beta-distribution.ts';
import { stageEffects } from '../statistics/stage-effects.ts';
import { cohortsOf } from '../tally/counts.ts';
import type { Cell, Tally } from '../tally/tally.ts';
import { standardisedPosteriors, totalOf } from '../verdict/standardised.ts';
import type { Estimate } from './report.ts';
import { segmentOf } from './segment-rates.ts';

/** One winner for all, or one for each stage of intent? */
export type IntentReport = {
  readonly stages: readonly {
    readonly stage: IntentStage;
    readonly variants: readonly {
      readonly variant: string;
      readonly visitors: number;
      readonly goals: number;
      /** By itself, as if there were no other stage. */
      readonly rate: Estimate;
      /** Pooled with the other stages as far as the data say they are alike; null where that cannot be said. */
      readonly pooled: number | null;
    }[];
    /** The variant with the highest pooled rate. */
    readonly best: string | null;
  }[];
  readonly verdict: 'one-for-all' | 'per-stage' | 'too-few';
  /** The variant that is best over everyone, where that can be said. */
  readonly single: string | null;
  /** P(a variant per stage brings more than δ more goals than the single best). */
  readonly probabilityBetter: number | null;
  /** Goals per visitor that a variant per stage is expected to add. */
  readonly gain: number | null;
  readonly delta: number;
};

/** Stages are compared among the mature visitors of the report, by the stage that was frozen when they came in. */
export function intentReport(
  tally: Tally,
  sequence: Sequence,
  policy: Policy,
  counted: (cell: Cell) => boolean,
): IntentReport | null {
  const variants = Object.keys(sequence.ladders);
  const seen = INTENTS.flatMap((stage) => {
    const cohorts = cohortsOf(tally, sequence, (cell) => counted(cell) && segmentOf(cell, INTENT_SEGMENT) === stage);
    const totals = variants.map((variant) => totalOf(cohorts, variant));
    if (totals.every(({ visitors }) => visitors === 0)) return [];
    return [{ stage, totals, beliefs: standardisedPosteriors(cohorts, variants) }];
  });
  if (seen.length === 0) return null;
  const effects = stageEffects(
    // Where weights changed, the counts that would have led to the standardised belief.
    variants.map((_, i) =>
      seen.map(({ beliefs }) => {
        const { alpha = 1, beta = 1 } = beliefs[i] ?? {};
        return { successes: Math.max(0, alpha - 1), trials: Math.max(0, alpha + beta - 2) };
      }),
    ),
    policy.equivalence,
  );
  const estimated = effects.kind === 'estimated' ? effects : null;
  const nameOf = (index: number | undefined) => (index === undefined ? null : (variants[index] ?? null));
  return {
    stages: seen.map(({ stage, totals, beliefs }, place) => ({
      stage,
      variants: variants.map((variant, i) => {
        const belief = beliefs[i] ?? { alpha: 1, beta: 1 };
        return {
          variant,
          visitors: totals[i]?.visitors ?? 0,
          goals: totals[i]?.goals ?? 0,
          rate: { mean: betaMean(belief), ...betaInterval(belief) },
          pooled: estimated?.rates[i]?.[place] ?? null,
        };
      }),
      best: nameOf(estimated?.perStage[place]),
    })),
    verdict: estimated?.verdict ?? 'too-few',
    single: nameOf(estimated?.single),
    probabilityBetter: estimated?.probabilityBetter ?? null,
    gain: estimated?.gain ?? null,
    delta: policy.equivalence,
  };
}
