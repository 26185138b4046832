import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_LIMITS } from '#shared/contracts/events.ts';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { merge } from '#shared/journey/journey.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { countsOf } from '#shared/tally/counts.ts';
import { minus, NOTHING, parseCellKey, plus, type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { aJourney, anEvent, anExperiment, DAY, NOON, SECOND, steps } from '../support/an-experiment.ts';
import { someNews } from '../support/arbitraries.ts';

const sequence = currentSequence(anExperiment());
const only = (tally: Tally) => [...tally.values()][0] ?? {};
const cellOf = (tally: Tally) => parseCellKey([...tally.keys()][0] ?? '');

describe('tallyOf', () => {
  it('counts a visitor who did nothing', () => {
    expect(tallyOf(aJourney(), sequence)).toEqual(
      new Map([[`1#1#${cohortDay(NOON)}#ladder#human#`, { n: 1, f0: 1, 'w0:0': 1 }]]),
    );
  });

  it('counts arrival, the furthest rung, the times between neighbours, and the wait at the last', () => {
    const journey = aJourney({
      arrivedAt: NOON,
      signals: ['burst'],
      segments: { plan: 'free' },
      epoch: 3,
      steps: { question: { at: NOON + 2 * SECOND }, plan: { at: NOON + 6 * SECOND } },
    });
    expect(tallyOf(journey, sequence)).toEqual(
      new Map([
        [
          `1#3#${cohortDay(NOON)}#ladder#human#plan=free`,
          { n: 1, arrived: 1, f2: 1, 'd1:4': 1, 'd2:8': 1, 'w2:11': 1 },
        ],
      ]),
    );
  });

  it.each([
    { source: 'redirect', counted: { redirected: 1 } },
    { source: 'link', counted: {} },
    { source: 'edge', counted: { redirected: 1, edge: 1 } },
    { source: 'api', counted: {} },
    { source: 'step', counted: {} },
  ] as const)('counts a visitor who came by $source as $counted', ({ source, counted }) => {
    const { redirected, edge } = only(tallyOf(aJourney({ source }), sequence));
    expect({ redirected, edge }).toEqual({ redirected: undefined, edge: undefined, ...counted });
  });

  it('counts how much further a visitor would be if their openings of links were believed', () => {
    const journey = aJourney({ steps: { question: { at: NOON } }, scans: { plan: NOON } });
    expect(only(tallyOf(journey, sequence))).toMatchObject({ f1: 1, u1: -1, u2: 1 });
    expect(
      only(tallyOf(aJourney({ steps: { buy: { at: NOON } }, scans: { plan: NOON } }), sequence)),
    ).not.toHaveProperty('u3');
  });

  it('puts no time between rungs when the beacon of the one below was lost', () => {
    const journey = aJourney({ steps: { plan: { at: NOON + SECOND } } });
    expect(only(tallyOf(journey, sequence))).toEqual({ n: 1, f2: 1, 'w2:0': 1 });
  });

  it('measures across a rung that nobody counts', () => {
    const gap = currentSequence(
      anExperiment({
        variants: [
          { id: 'one-ask', name: 'One', steps: steps('buy') },
          {
            id: 'ladder',
            name: 'Gap',
            steps: [...steps('question'), { id: 'plan', name: 'Plan', observed: false }, ...steps('buy')],
          },
        ],
      }),
    );
    const journey = aJourney({ steps: { question: { at: NOON + SECOND }, buy: { at: NOON + 3 * SECOND } } });
    expect(only(tallyOf(journey, gap))).toMatchObject({ f3: 1, 'd1:0': 1, 'd3:4': 1, 'w3:7': 1 });
  });

  it('is worth nothing while the ladder is unknown', () => {
    expect(tallyOf(aJourney(), undefined)).toEqual(NOTHING);
    expect(tallyOf(aJourney({ variant: 'gone' }), sequence)).toEqual(NOTHING);
  });

  it('gives every journey one visitor, one furthest rung and one wait, for any events', () => {
    fc.assert(
      fc.property(someNews(), (journey) => {
        const tally = tallyOf(journey, sequence);
        expect(tally.size).toBe(1);
        const sumOf = (test: RegExp) =>
          Object.entries(only(tally)).reduce((sum, [name, count]) => sum + (test.test(name) ? count : 0), 0);
        expect([sumOf(/^n$/), sumOf(/^f\d+$/), sumOf(/^w\d+:\d+$/)]).toEqual([1, 1, 1]);
        expect(sumOf(/^u\d+$/)).toBe(0);
        const counted = Object.entries(only(tally)).filter(([name]) => !name.startsWith('u'));
        expect(counted.every(([, count]) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('telescopes: the changes add up to the worth of the last state, in any order of any events', () => {
    fc.assert(
      fc.property(fc.array(someNews(), { minLength: 1, maxLength: 8 }), (events) => {
        const sum = new TallySum();
        let before = events[0] ?? anEvent();
        sum.add(tallyOf(before, sequence));
        for (const event of events.slice(1)) {
          const after = merge(before, event);
          sum.add(tallyOf(after, sequence)).add(tallyOf(before, sequence), -1);
          before = after;
        }
        expect(sum.total()).toEqual(plus(tallyOf(events.reduce(merge), sequence), NOTHING));
      }),
      { numRuns: 500 },
    );
  });

  it('moves a visitor to the day on which they turn out to have entered, and leaves nothing on the other', () => {
    const before = aJourney({ assignedAt: NOON, steps: { question: { at: NOON + SECOND } } });
    const after = merge(before, anEvent({ assignedAt: NOON - DAY }));
    const change = minus(tallyOf(after, sequence), tallyOf(before, sequence));
    expect(plus(tallyOf(before, sequence), change)).toEqual(tallyOf(after, sequence));
    expect(cellOf(tallyOf(after, sequence)).day).toBe(cohortDay(NOON) - 1);
    expect([...change].map(([key, counters]) => [parseCellKey(key).day - cohortDay(NOON), counters.n])).toEqual([
      [-1, 1],
      [0, -1],
    ]);
  });

  it('counts a visitor nobody has assigned on the day of the first thing that was heard of them', () => {
    const journey = anEvent({ arrivedAt: NOON, steps: { question: { at: NOON - DAY } } });
    expect(cellOf(tallyOf(journey, sequence)).day).toBe(cohortDay(NOON) - 1);
  });

  it('moves a visitor to another class with all they were counted in', () => {
    const before = aJourney({ signals: ['no-cookie'] });
    const after = merge(before, anEvent({ signals: ['interaction'] }));
    expect([cellOf(tallyOf(before, sequence)).class, cellOf(tallyOf(after, sequence)).class]).toEqual([
      'suspect',
      'human',
    ]);
  });

  const bought = (amount: number) => aJourney({ steps: { buy: { at: NOON, value: { at: NOON, amount } } } });

  it('keeps sums of values and of their squares exact up to the largest value a site may send', () => {
    const amount = fc.oneof(
      fc.integer({ min: 1, max: EVENT_LIMITS.value }),
      fc.integer({ min: EVENT_LIMITS.value - 99, max: EVENT_LIMITS.value }),
    );
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 20 }), (amounts) => {
        const total = amounts.reduce((sum, each) => sum.add(tallyOf(bought(each), sequence)), new TallySum()).total();
        const { value = 0, payers, square = 0, squareHigh = 0 } = only(total);
        expect([BigInt(value), payers]).toEqual([
          amounts.reduce((sum, each) => sum + BigInt(each), 0n),
          amounts.length,
        ]);
        expect(BigInt(squareHigh) * 2n ** 26n + BigInt(square)).toBe(
          amounts.reduce((sum, each) => sum + BigInt(each) ** 2n, 0n),
        );
        expect([value, square, squareHigh].every(Number.isSafeInteger)).toBe(true);
      }),
    );
  });

  it('keeps the square exact when several steps of one journey carry the largest value', () => {
    const value = { at: NOON, amount: EVENT_LIMITS.value - 1 };
    const journey = aJourney({
      steps: { question: { at: NOON, value }, plan: { at: NOON, value }, buy: { at: NOON, value } },
    });
    const { square = 0, squareHigh = 0 } = only(tallyOf(journey, sequence));
    expect(BigInt(squareHigh) * 2n ** 26n + BigInt(square)).toBe((3n * BigInt(EVENT_LIMITS.value - 1)) ** 2n);
  });

  it('calls nobody a payer for a value of zero', () => {
    expect(only(tallyOf(bought(0), sequence))).not.toHaveProperty('payers');
  });

  it('is read back by countsOf', () => {
    const [, ladder] = countsOf(tallyOf(bought(EVENT_LIMITS.value), sequence), sequence);
    expect(ladder).toMatchObject({
      value: EVENT_LIMITS.value,
      valueSquares: EVENT_LIMITS.value ** 2,
      payers: 1,
      goals: 1,
    });
  });
});
