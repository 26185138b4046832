import type { Definition } from '../experiment/definition.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Attributes } from '../experiment/packed.ts';
import { type Journey, merge } from '../journey/journey.ts';
import type { Signal } from '../journey/signal.ts';
import { atOnce } from './at-once.ts';
import { frozenSegments } from './frozen-segments.ts';
import type { LiveExperiments } from './live-experiments.ts';
import type { Clock, Experiments, Journeys, Recorded } from './ports.ts';

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
  | { readonly kind: 'refused'; readonly why: Refusal }
  | { readonly kind: 'failed'; readonly error: unknown };
/** `impossible`: of a revision, sequence or weight epoch that never was, so it is no exposure of ours. */
export type Refusal = 'experiment-unknown' | 'variant-unknown' | 'impossible';

type Deps = {
  readonly journeys: Pick<Journeys, 'record'>;
  readonly live: LiveExperiments;
  readonly experiments: Pick<Experiments, 'find'>;
  readonly clock: Clock;
};
/** The experiment at the revision of an exposure or at a later one, if there is such. */
type ExperimentSince = (exposure: EdgeExposure) => Promise<Experiment | undefined>;

/** Enough to keep the connections of the client busy, and few enough for one shard's consumer to leave some to others. */
const IN_FLIGHT = 32;

/**
 * Counts visitors whom the edge sent on: the same write as a redirect makes, later. Any order and any repetition will do, one
 * visitor's exposures are one write, and one that cannot be recorded does not touch those beside it.
 *
 * The facts are those the edge decided by, not those of the experiment as it is now: a change may have come between.
 */
export async function recordExposures(deps: Deps, exposures: readonly EdgeExposure[]): Promise<ExposureOutcome[]> {
  const outcomes = new Array<ExposureOutcome>(exposures.length);
  const visits = new Map<string, number[]>();
  for (const [place, { experiment, visitor }] of exposures.entries()) {
    const key = JSON.stringify([experiment, visitor]);
    visits.set(key, [...(visits.get(key) ?? []), place]);
  }
  const since = experimentSince(deps);
  await atOnce(IN_FLIGHT, [...visits.values()], async (places) => {
    const visit = places.flatMap((place) => exposures[place] ?? []);
    for (const [i, outcome] of (await recordVisit(deps, since, visit)).entries()) outcomes[places[i] ?? -1] = outcome;
  });
  return outcomes;
}

/**
 * The edge may know a revision before the copy that is held here is renewed, and what is only a matter of seconds must not
 * cost an exposure. Then the catalog is asked, once a batch.
 */
function experimentSince({ live, experiments }: Deps): ExperimentSince {
  const asked = new Map<string, Promise<Experiment | undefined>>();
  return async ({ experiment: id, revision }) => {
    const held = (await live(id))?.experiment;
    if (held && held.revision >= revision) return held;
    const current = asked.get(id) ?? experiments.find(id);
    asked.set(id, current);
    return current;
  };
}

/** All exposures of one visitor in one write; of several accounts the earliest is the one the visitor saw first, and wins. */
async function recordVisit(
  { journeys, clock }: Deps,
  since: ExperimentSince,
  visit: readonly EdgeExposure[],
): Promise<ExposureOutcome[]> {
  try {
    const news: Journey[] = [];
    const refusals: (ExposureOutcome | undefined)[] = [];
    for (const exposure of visit) {
      const experiment = await since(exposure);
      const why = whyRefused(exposure, experiment);
      refusals.push(why && { kind: 'refused', why });
      if (experiment && !why) news.push(journeyOf(exposure, experiment.definition, clock()));
    }
    const [first, ...others] = news.sort((a, b) => (a.assignedAt ?? 0) - (b.assignedAt ?? 0));
    const recorded = first && (await recordWhole(journeys, first, others));
    return refusals.map((refusal) => refusal ?? { kind: 'recorded', first: recorded?.before === undefined });
  } catch (error) {
    return visit.map(() => ({ kind: 'failed', error }));
  }
}

/**
 * In one write, and one more where somebody of several ids was sent to another variant than the one they are counted under: the
 * edge decides without the store, so it cannot know who they are.
 */
async function recordWhole(journeys: Deps['journeys'], first: Journey, others: readonly Journey[]): Promise<Recorded> {
  const news = others.reduce(merge, first);
  const recorded = await journeys.record(news);
  const { variant, mergedFrom, conflict } = recorded.after;
  if (mergedFrom && !conflict && [first, ...others].some((each) => each.variant !== variant))
    await journeys.record({ ...news, conflict: true });
  return recorded;
}

function whyRefused(exposure: EdgeExposure, experiment: Experiment | undefined): Refusal | undefined {
  if (experiment === undefined) return 'experiment-unknown';
  if (!experiment.definition.variants.some(({ id }) => id === exposure.variant)) return 'variant-unknown';
  const known =
    exposure.revision <= experiment.revision &&
    experiment.sequences.some(({ version }) => version === exposure.sequence) &&
    experiment.epochs.some(({ epoch }) => epoch === exposure.epoch);
  return known ? undefined : 'impossible';
}

/** The log's own time: the visitor came then, not when the log did. An edge whose clock runs ahead cannot put it into the future. */
const journeyOf = (exposure: EdgeExposure, definition: Definition, now: number): Journey => ({
  experiment: exposure.experiment,
  visitor: exposure.visitor,
  variant: exposure.variant,
  sequence: exposure.sequence,
  epoch: exposure.epoch,
  revision: exposure.revision,
  source: 'edge',
  segments: frozenSegments(definition, exposure.attributes),
  assignedAt: Math.min(exposure.at, now),
  signals: exposure.signals,
  steps: {},
});
