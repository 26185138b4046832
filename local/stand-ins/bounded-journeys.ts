import { busy } from '#shared/problem/store-busy.ts';
import type { Journeys } from '#shared/usecases/ports.ts';

/** What an engine does in a fifth of a second. A batch of the most events there may be, each of another visitor, fits in. */
const AT_ONCE = 128;

/**
 * Journeys that turn away what they cannot take soon, as the limit on concurrent functions does on AWS. Without it every request
 * of an overload waits behind all others, until nobody gets an answer while it is of use. With it a visitor is sent on to the
 * control, uncounted, and whoever tells events is asked to come again. `turnedAway` hears of each.
 */
export function boundedJourneys(journeys: Journeys, turnedAway: () => void, atOnce = AT_ONCE): Journeys {
  let underWay = 0;
  const bounded =
    <A extends readonly unknown[], T>(work: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      if (underWay >= atOnce) {
        turnedAway();
        throw busy();
      }
      underWay += 1;
      try {
        return await work(...given);
      } finally {
        underWay -= 1;
      }
    };
  return {
    ...journeys,
    record: bounded(journeys.record),
    recordKnown: bounded(journeys.recordKnown),
    find: bounded(journeys.find),
    own: bounded(journeys.own),
  };
}

const QUIET_MS = 10_000;

/** Says that requests are turned away, and how many: at once, and then no more than every ten seconds. */
export function tellOfOverload(say: (line: string) => void, elapsed: () => number): () => void {
  let since = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  return () => {
    since += 1;
    if (elapsed() - saidAt < QUIET_MS) return;
    say(`More comes in than the store takes: ${since} ${since === 1 ? 'write was' : 'writes were'} turned away.`);
    saidAt = elapsed();
    since = 0;
  };
}
