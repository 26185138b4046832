import type { Sequence } from '../experiment/sequence.ts';
import { enteredAt, type Journey } from './journey.ts';

/**
 * One step reached inside its window: its rung (1..K), the observed rung below it (0 is the assignment itself),
 * and the milliseconds since the visitor entered.
 */
export type Reached = {
  readonly rung: number;
  readonly follows: number;
  readonly afterMs: number;
  readonly value?: number;
};

/** How far a journey came. `furthest` is 0 for a visitor who took no step. */
export type Progress = { readonly furthest: number; readonly reached: readonly Reached[] };

/** The journey if every opening of a link were a person's: what a report shows beside, to say how much hangs on that. */
export function withScansBelieved(journey: Journey): Journey {
  const steps = { ...journey.steps };
  for (const [step, at] of Object.entries(journey.scans ?? {}))
    steps[step] = { ...steps[step], at: Math.min(steps[step]?.at ?? at, at) };
  return { ...journey, steps };
}

/**
 * Reads a journey against the ladder of its own sequence version, or nothing when that ladder is unknown.
 *
 * Reaching a rung implies all below it, whether they were heard of or not: a beacon lost in the middle must not punish
 * longer ladders. A step that seems to precede the assignment is taken as made at that instant: clocks differ, and nobody
 * takes a step of an experiment before being in it. A step after its window does not count.
 */
export function progressOf(journey: Journey, sequence: Sequence): Progress | undefined {
  // An own property only: a variant may be called `constructor`.
  const ladder = Object.hasOwn(sequence.ladders, journey.variant) ? sequence.ladders[journey.variant] : undefined;
  if (ladder === undefined) return undefined;
  const start = enteredAt(journey);
  const reached: Reached[] = [];
  let follows = 0;
  ladder.forEach(({ step, observed, windowMs }, index) => {
    const rung = index + 1;
    const time = Object.hasOwn(journey.steps, step) ? journey.steps[step] : undefined;
    if (time !== undefined && time.at <= start + windowMs) {
      const afterMs = Math.max(0, time.at - start);
      // A value named after the window is of no mature number any more; what is closed stays closed.
      const value = time.value && time.value.at <= start + windowMs ? { value: time.value.amount } : {};
      reached.push({ rung, follows, afterMs, ...value });
    }
    if (observed) follows = rung;
  });
  return { furthest: reached.at(-1)?.rung ?? 0, reached };
}
