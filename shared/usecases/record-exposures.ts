import type { Attributes } from '../experiment/packed.ts';
import { type Journey, merge } from '../journey/journey.ts';
import type { Signal } from '../journey/signal.ts';
import { frozenSegments } from './frozen-segments.ts';
import type { LiveExperiments } from './live-experiments.ts';
import type { Clock, Journeys } from './ports.ts';

/** A visitor whom the edge sent to a variant, as its log tells it some seconds later. */
export type EdgeExposure = {
  readonly experiment: string;
  readonly visitor: string;
  readonly variant: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly revision: number;
  readonly at: number;
  readonly attributes: Attributes;
  readonly signals: readonly Signal[];
};

/**
 * What became of an exposure, in its place. `refused` is final; `failed` may succeed when it is tried again, because it was the
 * store that failed and not the exposure.
 */
export type ExposureOutcome =
  | { readonly kind: 'recorded'; readonly first: boolean }
  | { readonly kind: 'refused'; readonly why: 'experiment-unknown' | 'variant-unknown' | 'impossible' }
  | { readonly kind: 'failed'; readonly error: unknown };

type Deps = { readonly journeys: Pick<Journeys, 'record'>; readonly live: LiveExperiments; readonly clock: Clock };

/** Enough to keep the connections of the client busy, and few enough for one shard's consumer to leave some to others. */
const AT_ONCE = 32;

/**
 * Counts visitors whom the edge sent on: the same write as a redirect makes, later. Any order and any repetition will do, one
 * visitor's exposures are one write, and one that cannot be recorded does not touch those beside it.
 *
 * The facts are those the edge decided by, not those of the experiment as it is now: a change may have come between.
 */
export async function recordExposures(deps: Deps, exposures: readonly EdgeExposure[]): Promise<ExposureOutcome[]> {
  const outcomes = new Array<ExposureOutcome>(exposures.length);
  const visits = new Map<string, number[]>();
  exposures.forEach(({ experiment, visitor, variant, revision }, index) => {
    const key = JSON.stringify([experiment, visitor, variant, revision]);
    const places = visits.get(key);
    if (places) places.push(index);
    else visits.set(key, [index]);
  });
  const waiting = [...visits.values()].values();
  const worker = async () => {
    for (const places of waiting) {
      const outcome = await recordVisit(
        deps,
        places.flatMap((place) => exposures[place] ?? []),
      );
      for (const place of places) outcomes[place] = outcome;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}

async function recordVisit(deps: Deps, visit: readonly EdgeExposure[]): Promise<ExposureOutcome> {
  const [first] = visit;
  if (first === undefined) return { kind: 'refused', why: 'impossible' };
  try {
    const live = await deps.live(first.experiment);
    if (live === undefined) return { kind: 'refused', why: 'experiment-unknown' };
    const { definition, sequences, epochs, revision } = live.experiment;
    if (!definition.variants.some(({ id }) => id === first.variant)) return { kind: 'refused', why: 'variant-unknown' };
    // Either the log is not ours, or the experiment we hold is older than the edge's; then it is known in a moment.
    if (first.revision > revision)
      return { kind: 'failed', error: new Error(`${first.experiment} is not yet at revision ${first.revision} here`) };
    if (first.sequence > sequences.length || first.epoch > epochs.length) return { kind: 'refused', why: 'impossible' };
    const news = visit.map((exposure) =>
      journeyOf(exposure, frozenSegments(definition, exposure.attributes), deps.clock()),
    );
    const { before } = await deps.journeys.record(news.reduce(merge));
    return { kind: 'recorded', first: before === undefined };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** The log's own time: the visitor came then, not when the log did. An edge whose clock runs ahead cannot put it into the future. */
const journeyOf = (exposure: EdgeExposure, segments: Record<string, string>, now: number): Journey => ({
  experiment: exposure.experiment,
  visitor: exposure.visitor,
  variant: exposure.variant,
  sequence: exposure.sequence,
  epoch: exposure.epoch,
  revision: exposure.revision,
  source: 'edge',
  segments,
  assignedAt: Math.min(exposure.at, now),
  signals: exposure.signals,
  steps: {},
});
