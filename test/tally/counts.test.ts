import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { cohortsOf, countsOf, reached } from '#shared/tally/counts.ts';
import { type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { aJourney, anExperiment, DAY, NOON } from '../support/an-experiment.ts';

const sequence = currentSequence(anExperiment());
const today = cohortDay(NOON);
const journeys = [
  aJourney({ source: 'link', scans: { plan: NOON } }),
  aJourney({ source: 'redirect', arrivedAt: NOON, steps: { question: { at: NOON } } }),
  aJourney({ steps: { buy: { at: NOON, value: { at: NOON, amount: 300 } } } }),
  aJourney({ steps: { buy: { at: NOON, value: { at: NOON, amount: 500 } } }, signals: ['declared-bot'] }),
  aJourney({ source: 'edge', variant: 'one-ask', epoch: 2 }),
  aJourney({ variant: 'one-ask', epoch: 2, steps: { buy: { at: NOON } } }),
  aJourney({ variant: 'one-ask', assignedAt: NOON - DAY }),
];
const sumOf = (list: typeof journeys): Tally =>
  list.reduce((sum, journey) => sum.add(tallyOf(journey, sequence)), new TallySum()).total();
// A visitor of an older sequence, under the same name of variant.
const old = new Map([...tallyOf(aJourney(), sequence)].map(([key, counters]) => [key.replace(/^1#/, '9#'), counters]));
const tally: Tally = new Map([...sumOf(journeys), ...old]);

describe('countsOf', () => {
  it('counts every variant of the sequence, in its order', () => {
    expect(countsOf(tally, sequence)).toEqual([
      {
        variant: 'one-ask',
        visitors: 3,
        redirected: 1,
        arrived: 0,
        edge: 1,
        furthest: [2, 1],
        furthestBelieved: [2, 1],
        goals: 1,
        payers: 0,
        value: 0,
        valueSquares: 0,
      },
      {
        variant: 'ladder',
        visitors: 4,
        redirected: 1,
        arrived: 1,
        edge: 0,
        furthest: [1, 1, 0, 2],
        furthestBelieved: [0, 1, 1, 2],
        goals: 2,
        payers: 2,
        value: 800,
        valueSquares: 340_000,
      },
    ]);
  });

  it('counts zeros where nothing was counted', () => {
    expect(countsOf(new Map(), sequence).map(({ visitors, furthest }) => [visitors, furthest])).toEqual([
      [0, [0, 0]],
      [0, [0, 0, 0, 0]],
    ]);
  });

  it('counts only the cells that are asked for', () => {
    expect(
      countsOf(tally, sequence, (cell) => cell.class === 'human').map(({ visitors, goals }) => [visitors, goals]),
    ).toEqual([
      [3, 1],
      [3, 1],
    ]);
    expect(countsOf(tally, sequence, (cell) => cell.day === today - 1).map(({ visitors }) => visitors)).toEqual([1, 0]);
  });
});

describe('cohortsOf', () => {
  it('gives one cohort per day and set of weights, oldest first', () => {
    expect(cohortsOf(tally, sequence)).toEqual([
      { epoch: 1, day: today - 1, visitors: { 'one-ask': 1 }, goals: { 'one-ask': 0 } },
      { epoch: 1, day: today, visitors: { ladder: 4 }, goals: { ladder: 2 } },
      { epoch: 2, day: today, visitors: { 'one-ask': 2 }, goals: { 'one-ask': 1 } },
    ]);
  });

  it('adds up to countsOf', () => {
    const add = (by: 'visitors' | 'goals', variant: string) =>
      cohortsOf(tally, sequence).reduce((sum, cohort) => sum + (cohort[by][variant] ?? 0), 0);
    for (const { variant, visitors, goals } of countsOf(tally, sequence))
      expect([add('visitors', variant), add('goals', variant)]).toEqual([visitors, goals]);
  });
});

describe('reached', () => {
  it('counts at each rung those who stopped there and those who went on', () => {
    expect(reached([10, 5, 3, 2])).toEqual([10, 5, 2]);
    expect(reached([7])).toEqual([]);
  });

  it('only falls along the ladder, and begins with all who took a step', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 2, maxLength: 12 }), (furthest) => {
        const reach = reached(furthest);
        expect(reach).toHaveLength(furthest.length - 1);
        expect(reach[0]).toBe(furthest.slice(1).reduce((a, b) => a + b, 0));
        expect(reach.at(-1)).toBe(furthest.at(-1));
        expect(reach).toEqual([...reach].sort((a, b) => b - a));
      }),
    );
  });
});
