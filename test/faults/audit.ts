import { isDeepStrictEqual } from 'node:util';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { commitmentKey } from '#shared/journey/commitment.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { minus, type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { recountWithDrift } from '#shared/usecases/recount.ts';
import type { Heard, SentEvent } from './callers.ts';

/** What became of what was accepted. All but `unheard` must be nothing. */
export type Findings = {
  /** Events told to be kept that are not there as they were told, and counts that are missing. */
  readonly lost: number;
  /** Counts too many. */
  readonly double: number;
  /** Events told to be refused that are there all the same. */
  readonly lies: number;
  readonly drift: number;
  /** Visitors who are counted and were never told so: the write was kept, its answer was lost, and nobody asked again. */
  readonly unheard: number;
};

const KEPT = new Set(['recorded', 'duplicate', 'late']);

/**
 * Holds a store against what its callers were told. `expected` are the journeys as they entered; what was told to be kept
 * is merged into them here, by the rules of a journey and past every store, and must be what the store and the tallies say.
 */
export async function audit(
  truth: Deps,
  experiment: Experiment,
  expected: readonly Journey[],
  { told }: Pick<Heard, 'told'>,
): Promise<Findings> {
  const stored = new Map<string, Journey>();
  for await (const journey of truth.journeys.all(experiment.id)) stored.set(journey.visitor, journey);
  const model = new Map(expected.map((journey) => [journey.visitor, journey]));
  let lies = 0;
  for (const { event, answer } of told) {
    const { visitor, step = '' } = event;
    const known = model.get(visitor);
    if (KEPT.has(answer.status) && known) model.set(visitor, merge(known, newsOf(known, event)));
    else if (answer.status === 'refused' && stored.get(visitor)?.steps[step]) lies += 1;
  }
  let lost = 0;
  for (const [visitor, { steps, commitments = {} }] of model) {
    const there = stored.get(visitor);
    for (const [step, time] of Object.entries(steps)) if (!isDeepStrictEqual(there?.steps[step], time)) lost += 1;
    for (const [key, time] of Object.entries(commitments))
      if (!isDeepStrictEqual(there?.commitments?.[key], time)) lost += 1;
  }

  const unheard = [...stored.values()].filter(({ visitor }) => !model.has(visitor));
  const sum = new TallySum();
  for (const journey of [...model.values(), ...unheard])
    sum.add(tallyOf(journey, sequenceOfJourney(experiment, journey)));
  const { tally: _, drift } = await recountWithDrift(truth, experiment);
  const difference = minus(sum.total(), await truth.tallies.read(experiment.id, 'live'));
  return {
    lost: lost + total(difference, 1),
    double: total(difference, -1),
    lies,
    drift,
    unheard: unheard.length,
  };
}

function newsOf(known: Journey, { type, step = '', activity = '', eventId = '', at = 0, value }: SentEvent): Journey {
  const time = { at, ...(value !== undefined && { value: { amount: value, at } }) };
  return type === 'commitment'
    ? { ...known, steps: {}, commitments: { [commitmentKey(activity, eventId)]: time } }
    : { ...known, steps: { [step]: time } };
}

const sequenceOfJourney = (experiment: Experiment, { sequence }: Journey) =>
  experiment.sequences.find(({ version }) => version === sequence) ?? currentSequence(experiment);

/** The counts of one sign, without it. */
function total(tally: Tally, sign: 1 | -1): number {
  let sum = 0;
  for (const counters of tally.values()) for (const count of Object.values(counters)) sum += Math.max(0, sign * count);
  return sum;
}
