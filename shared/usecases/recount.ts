import type { Experiment } from '../experiment/experiment.ts';
import { distance, type Tally, TallySum } from '../tally/tally.ts';
import { tallyOf } from '../tally/tally-of.ts';
import type { Journeys, Tallies } from './ports.ts';

type Deps = { readonly journeys: Journeys; readonly tallies: Tallies };

/**
 * The tally of all journeys, read one by one, and of those that were erased since: exact by construction.
 * Winner reports are made from this.
 */
export async function recount({ journeys, tallies }: Deps, experiment: Experiment): Promise<Tally> {
  const sequences = new Map(experiment.sequences.map((sequence) => [sequence.version, sequence]));
  const sum = new TallySum().add(await tallies.read(experiment.id, 'erased'));
  for await (const journey of journeys.all(experiment.id)) sum.add(tallyOf(journey, sequences.get(journey.sequence)));
  return sum.total();
}

/** The recount, and how far the live tallies are from it. Zero when the stream is quiet; anything else is an alarm. */
export async function recountWithDrift(deps: Deps, experiment: Experiment): Promise<{ tally: Tally; drift: number }> {
  const live = await deps.tallies.read(experiment.id, 'live');
  const tally = await recount(deps, experiment);
  return { tally, drift: distance(live, tally) };
}
