import type { Interval } from './beta.ts';
import { betaMean } from './beta.ts';
import { betaInterval } from './beta-distribution.ts';
import { compareRates } from './comparison.ts';
import type { LadderPosterior } from './ladder.ts';

export type DoseResponse =
  | { readonly kind: 'insufficient'; readonly needed: 'ladders of three lengths' }
  | {
      readonly kind: 'estimated';
      /** One row per ladder, from the fewest steps to the most. */
      readonly rows: readonly {
        readonly steps: number;
        readonly mean: number;
        readonly interval: Interval;
        readonly best: number;
      }[];
      /** For each length, the probability that the best ladder has it. */
      readonly bestNumberOfSteps: readonly { readonly steps: number; readonly probability: number }[];
    };

/**
 * How many asks are best? The goal rate against the number of steps, and for each number the probability that the best of
 * the ladders has it, by quadrature. No curve is fitted: three lengths bear no shape.
 *
 * It compares these ladders, not lengths as such: the third step of one is not the third step of another.
 * @example doseResponse([ladderPosterior([90, 10]), ladderPosterior([50, 40, 10])]) // insufficient: two lengths
 */
export function doseResponse(ladders: readonly LadderPosterior[], level = 0.95): DoseResponse {
  const ordered = [...ladders].sort((a, b) => a.rungs.length - b.rungs.length);
  const lengths = [...new Set(ordered.map(({ rungs }) => rungs.length))];
  if (lengths.length < 3) return { kind: 'insufficient', needed: 'ladders of three lengths' };
  const { best } = compareRates(ordered.map(({ goal }) => goal));
  const rows = ordered.map(({ goal, rungs }, i) => ({
    steps: rungs.length,
    mean: betaMean(goal),
    interval: betaInterval(goal, level),
    best: best[i] ?? 0,
  }));
  const bestNumberOfSteps = lengths.map((steps) => ({
    steps,
    probability: rows.reduce((sum, row) => sum + (row.steps === steps ? row.best : 0), 0),
  }));
  return { kind: 'estimated', rows, bestNumberOfSteps };
}
