import type { Experiment } from '../experiment/experiment.ts';
import { Problem } from '../problem/problem.ts';
import { distance, minus } from '../tally/tally.ts';
import type { Journeys, Tallies } from './ports.ts';
import { recount } from './recount.ts';

type Deps = { readonly journeys: Journeys; readonly tallies: Tallies };

/** How far the live tallies were from the recount, in how many cells, and how far they are now: zero, unless the stream moved again. */
export type Repaired = { readonly drift: number; readonly cells: number; readonly left: number };

/**
 * Brings the live tallies to the recount. Only while the stream is quiet, because what is under way would be counted twice:
 * it refuses with `tally.moving` when it sees the tallies move while it recounts. Safe to repeat; the second time mends what
 * was still under way the first time.
 */
export async function repairTallies({ journeys, tallies }: Deps, experiment: Experiment): Promise<Repaired> {
  const { id } = experiment;
  const before = await tallies.read(id, 'live');
  const truth = await recount({ journeys, tallies }, experiment);
  const live = await tallies.read(id, 'live');
  const moved = distance(before, live);
  if (moved > 0)
    throw new Problem(
      'tally.moving',
      `the live tallies of ${id} moved by ${moved} counts during the recount; repair them in a quieter minute, reports are right meanwhile`,
      [],
      { retryAfterSeconds: 60 },
    );
  const correction = minus(truth, live);
  await tallies.correct(id, correction);
  return {
    drift: distance(truth, live),
    cells: correction.size,
    left: distance(truth, await tallies.read(id, 'live')),
  };
}
