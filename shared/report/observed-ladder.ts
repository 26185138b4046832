import type { Rung } from '../experiment/sequence.ts';
import { type LadderPosterior, ladderPosterior } from '../statistics/ladder.ts';

/** A ladder as statistics may see it: only its counted steps are ways to stop. */
export type ObservedLadder = {
  readonly belief: LadderPosterior;
  /** Steps in order; a step's place is its rung in `belief`. */
  readonly steps: readonly string[];
};

/** `furthest[k]`: visitors whose furthest rung is k, of the whole ladder. Who stopped on a rung nobody counts was seen on the one below. */
export function observedLadder(ladder: readonly Rung[], furthest: readonly number[]): ObservedLadder {
  const places = ladder.flatMap((rung, index) => (rung.observed ? [index + 1] : []));
  const categories = [0, ...places].map((rung, i, rungs) =>
    furthest.slice(rung, rungs[i + 1] ?? furthest.length).reduce((sum, count) => sum + count, 0),
  );
  return { belief: ladderPosterior(categories), steps: places.map((rung) => ladder[rung - 1]?.step ?? '') };
}
