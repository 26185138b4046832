import { type Assignment, assign } from '../assignment/assign.ts';
import type { Attributes, PackedExperiment } from '../experiment/packed.ts';
import type { AssignmentFacts, Journey, Source } from '../journey/journey.ts';
import type { Signal } from '../journey/signal.ts';
import { frozenSegments } from './frozen-segments.ts';
import type { LiveExperiment } from './live-experiments.ts';
import type { Clock, Journeys } from './ports.ts';

export type Visit = {
  readonly visitor: string;
  readonly attributes: Attributes;
  readonly source: Source;
  readonly signals: readonly Signal[];
};

/** What a visitor is served, why, and whether this visit was the first that was counted. */
export type Served = { readonly assignment: Assignment; readonly variant: string; readonly first: boolean };

type Deps = { readonly journeys: Journeys; readonly clock: Clock };

/**
 * Assigns a visitor and records it before anything is shown, so that the denominator is whole even when the page never loads.
 * Whoever joined keeps what they have seen, whatever weights, traffic or audience became since.
 */
export async function assignVisitor({ journeys, clock }: Deps, live: LiveExperiment, visit: Visit): Promise<Served> {
  const { packed } = live;
  const at = clock();
  const assignment = assign(packed, visit.visitor, visit.attributes, at);
  if (assignment.kind === 'assigned') {
    if (assignment.reason === 'forced') return served(packed, assignment, false);
    const { before } = await journeys.record(entry(live, assignment.variant, visit, at));
    return before ? stuck(packed, before) : served(packed, assignment, true);
  }
  // A fixed experiment serves everyone the same; only a running one has people who joined before they would be passed by.
  if (packed.kind === 'fixed') return served(packed, assignment, false);
  const before = await journeys.find(packed.id, visit.visitor);
  return before ? stuck(packed, before) : served(packed, assignment, false);
}

/** What a token says a visitor was served, and when (ms). */
export type ServedBefore = { readonly variant: string; readonly at: number };

/** The facts that are frozen on a journey when it begins. `served` puts it back into the sequence and epoch of its time. */
export function factsOf(
  live: LiveExperiment,
  variant: number,
  visit: Pick<Visit, 'source' | 'attributes'>,
  served?: ServedBefore,
): AssignmentFacts {
  const { packed, experiment } = live;
  const { sequences, epochs, definition } = experiment;
  return {
    variant: served?.variant ?? packed.variants[variant]?.id ?? definition.control,
    sequence: (served && sequences.findLast(({ since }) => since <= served.at)?.version) ?? packed.sequence,
    epoch: (served && epochs.findLast(({ since }) => since <= served.at)?.epoch) ?? packed.epoch,
    revision: packed.revision,
    source: visit.source,
    segments: frozenSegments(definition, visit.attributes),
  };
}

function entry(live: LiveExperiment, variant: number, visit: Visit, at: number): Journey {
  return {
    ...factsOf(live, variant, visit),
    experiment: live.packed.id,
    visitor: visit.visitor,
    assignedAt: at,
    signals: visit.signals,
    steps: {},
  };
}

const served = (packed: PackedExperiment, assignment: Assignment, first: boolean): Served => ({
  assignment,
  variant: packed.variants[assignment.variant]?.id ?? '',
  first,
});

function stuck(packed: PackedExperiment, journey: Journey): Served {
  const index = packed.variants.findIndex(({ id }) => id === journey.variant);
  return served(packed, { kind: 'assigned', variant: index < 0 ? packed.control : index, reason: 'sticky' }, false);
}
