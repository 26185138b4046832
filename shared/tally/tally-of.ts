import { segmentKey } from '../experiment/segment-key.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { enteredAt, type Journey, type Source } from '../journey/journey.ts';
import { progressOf, type Reached, withScansBelieved } from '../journey/progress.ts';
import { classOf } from '../journey/signal.ts';
import { cohortDay } from './cohort-day.ts';
import { countMetrics } from './count-metrics.ts';
import { durationBucket } from './duration.ts';
import { exactProduct } from './exact-product.ts';
import { cellKey, NOTHING, type Tally } from './tally.ts';

/** Not the links of e-mails: whoever was written to and opened nothing was sent nowhere, and of those opened a scanner opened some. */
const REDIRECTING: ReadonlySet<Source> = new Set(['redirect', 'edge']);

/**
 * What one journey is worth. A change of a journey is worth `tallyOf(after) - tallyOf(before)`: late events, changes of
 * class, corrections of value and visitors who turn out to have entered a day earlier all fall out of that one subtraction.
 *
 * A journey whose ladder nobody knows is worth nothing; it is found again by a recount once the ladder is known. One whose
 * visitor became known under another id is worth nothing either: that person is counted there.
 */
export function tallyOf(journey: Journey, sequence: Sequence | undefined): Tally {
  if (journey.mergedInto !== undefined) return NOTHING;
  const progress = sequence && progressOf(journey, sequence);
  if (sequence === undefined || progress === undefined) return NOTHING;
  const counters: Record<string, number> = { n: 1, [`f${progress.furthest}`]: 1 };
  if (REDIRECTING.has(journey.source)) counters.redirected = 1;
  if (journey.source === 'edge') counters.edge = 1;
  if (journey.arrivedAt !== undefined) counters.arrived = 1;
  if (journey.conflict) counters.conflict = 1;
  if (journey.scans)
    countScans(counters, progress.furthest, progressOf(withScansBelieved(journey), sequence)?.furthest ?? 0);
  countDurations(counters, progress.reached);
  countWaiting(counters, progress.reached, progress.furthest);
  countValue(counters, progress.reached);
  countMetrics(counters, journey, sequence);
  const cell = cellKey({
    sequence: journey.sequence,
    epoch: journey.epoch,
    day: cohortDay(enteredAt(journey)),
    variant: journey.variant,
    class: classOf(journey.signals, progress.furthest > 0),
    segment: segmentKey(journey.segments),
  });
  return new Map([[cell, counters]]);
}

/** Only neighbours that were both heard of have a time between them. */
function countDurations(counters: Record<string, number>, reached: readonly Reached[]): void {
  let before = { rung: 0, afterMs: 0 };
  for (const step of reached) {
    if (step.follows === before.rung)
      counters[`d${step.rung}:${durationBucket(Math.max(0, step.afterMs - before.afterMs))}`] = 1;
    before = step;
  }
}

function countWaiting(counters: Record<string, number>, reached: readonly Reached[], furthest: number): void {
  counters[`w${furthest}:${durationBucket(reached.at(-1)?.afterMs ?? 0)}`] = 1;
}

function countScans(counters: Record<string, number>, furthest: number, believed: number): void {
  if (believed === furthest) return;
  counters[`u${furthest}`] = -1;
  counters[`u${believed}`] = 1;
}

function countValue(counters: Record<string, number>, reached: readonly Reached[]): void {
  const value = reached.reduce((sum, step) => sum + (step.value ?? 0), 0);
  if (value === 0) return;
  counters.payers = 1;
  counters.value = value;
  Object.assign(counters, exactProduct('square', value, value));
}
