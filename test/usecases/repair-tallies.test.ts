import { describe, expect, it } from 'vitest';
import type { Tally } from '#shared/tally/tally.ts';
import { plus } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import type { Journeys, Tallies } from '#shared/usecases/ports.ts';
import { repairTallies } from '#shared/usecases/repair-tallies.ts';
import { aJourney, anExperiment } from '../support/an-experiment.ts';

const experiment = anExperiment();
const journey = aJourney();
const worth = tallyOf(journey, experiment.sequences[0]);
const NONE: Tally = new Map();

/** Live counts that a test may move while they are looked at. */
function stores(live: { now: Tally }, duringRecount: () => void = () => {}) {
  const journeys = {
    async *all() {
      duringRecount();
      yield journey;
    },
  } as unknown as Journeys;
  const tallies = {
    read: async (_, ledger) => (ledger === 'live' ? live.now : NONE),
    commit: async () => ({ kind: 'committed' }),
    correct: async (_, correction) => {
      live.now = plus(live.now, correction);
    },
  } satisfies Tallies;
  return { journeys, tallies };
}

describe('repairTallies', () => {
  it('adds what is missing and takes away what is too much', async () => {
    for (const wrong of [NONE, plus(worth, worth)]) {
      const live = { now: wrong };
      expect(await repairTallies(stores(live), experiment)).toEqual({ drift: 3, cells: 1, left: 0 });
      expect(live.now).toEqual(worth);
    }
  });

  it('changes nothing where nothing is wrong', async () => {
    expect(await repairTallies(stores({ now: worth }), experiment)).toEqual({ drift: 0, cells: 0, left: 0 });
  });

  it('keeps its hands off counts that move while it recounts: what is under way would count twice', async () => {
    const live = { now: NONE };
    const moving = stores(live, () => {
      live.now = worth;
    });
    await expect(repairTallies(moving, experiment)).rejects.toMatchObject({ code: 'tally.moving' });
    expect(live.now).toEqual(worth);
  });
});
