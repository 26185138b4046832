import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { amountBucket } from '#shared/tally/amount-bucket.ts';
import { exactProduct, productOf } from '#shared/tally/exact-product.ts';
import { NOTHING, plus, type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { aJourney, anEvent, anExperiment, DAY, NOON } from '../support/an-experiment.ts';
import { someNews } from '../support/arbitraries.ts';
import { EVERY_METRIC } from '../support/every-metric.ts';

const sequence = currentSequence(anExperiment({ windowDays: 7, metrics: EVERY_METRIC }));
const only = (tally: Tally) => [...tally.values()][0] ?? {};
const counted = (journey: Journey, id: string) =>
  Object.fromEntries(
    Object.entries(only(tallyOf(journey, sequence)))
      .filter(([name]) => name.startsWith(`m:${id}:`))
      .map(([name, count]) => [name.slice(`m:${id}:`.length), count]),
  );
const did = (activity: string, ...times: readonly number[]) =>
  Object.fromEntries(times.map((at, i) => [`${activity}#${i}`, { at: NOON + at }]));

describe('countMetrics', () => {
  it('counts of a value its sum, its square, who had one, and in which bucket', () => {
    const steps = { buy: { at: NOON, value: { at: NOON, amount: 2_990 } } };
    expect(counted(aJourney({ steps }), 'revenue')).toEqual({
      x: 2_990,
      ...exactProduct('xx', 2_990, 2_990),
      xxHigh: undefined,
      any: 1,
      h47: 1,
    });
  });

  it('counts of a ratio both sides, their squares and their product', () => {
    const journey = aJourney({
      commitments: did('post', 1, 2, 3),
      replies: { 'post#0#2': NOON + 5, 'post#2#3': NOON },
    });
    expect(counted(journey, 'answered')).toEqual({ x: 2, xx: 4, any: 1, d: 3, dd: 9, xd: 6 });
    expect(counted(journey, 'talk')).toEqual({ x: 5, xx: 25, any: 1, d: 3, dd: 9, xd: 15 });
  });

  it.each([
    {
      name: 'a visitor who came every week',
      weeks: [0, 1, 2, 3],
      expected: { x: 4, xx: 16, w1: 1, w2: 1, w3: 1, w4: 1 },
    },
    { name: 'a visitor who came in the first week only', weeks: [0], expected: { x: 1, xx: 1, w1: 1, c: 3, cc: 9 } },
    { name: 'a visitor who came later only', weeks: [1, 3], expected: { x: 2, xx: 4, w2: 1, w4: 1, c: -2, cc: 4 } },
  ])('counts the weeks and the contrast of $name', ({ weeks, expected }) => {
    const journey = aJourney({ commitments: did('visit', ...weeks.map((week) => week * 7 * DAY)) });
    expect(counted(journey, 'back')).toEqual({ any: 1, ...expected });
  });

  it('counts nothing of whoever did nothing but be silent', () => {
    const names = Object.keys(only(tallyOf(aJourney(), sequence))).filter((name) => name.startsWith('m:'));
    expect(names.sort()).toEqual(['m:silence:any', 'm:silence:x', 'm:silence:xx']);
  });

  it('counts whoever does much as one visitor, as everybody else', () => {
    const talkative = aJourney({ commitments: did('post', ...Array.from({ length: 900 }, (_, i) => i)) });
    for (const journey of [talkative, aJourney()])
      expect(only(tallyOf(journey, sequence))).toMatchObject({ n: 1, f0: 1 });
    expect(counted(talkative, 'posts')).toEqual({ x: 3, xx: 9, any: 1, h7: 1 });
  });

  it('gives the sums over visitors, and of ratios those that the delta method asks for', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(900), fc.nat(900)), { minLength: 1, maxLength: 8 }), (members) => {
        const journeys = members.map(([posts, answered]) =>
          aJourney({
            commitments: did('post', ...Array.from({ length: posts }, (_, i) => i)),
            replies: Object.fromEntries(Array.from({ length: answered }, (_, i) => [`post#${i}#1`, NOON + i])),
          }),
        );
        const sums = only(journeys.reduce((sum, each) => sum.add(tallyOf(each, sequence)), new TallySum()).total());
        const read = (name: string) => productOf(sums[`m:answered:${name}`], sums[`m:answered:${name}High`]);
        const over = (of: (x: number, d: number) => number) =>
          members.reduce((sum, [posts, answered]) => sum + of(Math.min(answered, posts), posts), 0);
        expect([read('x'), read('d'), read('xx'), read('dd'), read('xd')]).toEqual([
          over((x) => x),
          over((_, d) => d),
          over((x) => x * x),
          over((_, d) => d * d),
          over((x, d) => x * d),
        ]);
      }),
      { numRuns: 20 },
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
        expect(sum.total()).toEqual(plus(tallyOf([...events].reverse().reduce(merge), sequence), NOTHING));
        for (const counters of sum.total().values())
          expect(Object.values(counters).every(Number.isSafeInteger)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('tallyOf a visitor who became known', () => {
  it('is nothing under the old id, and says under the new one when the two had different variants', () => {
    expect(tallyOf(aJourney({ mergedInto: 'ada' }), sequence)).toEqual(NOTHING);
    const known = aJourney({ visitor: 'ada', mergedFrom: ['vis-1'] });
    expect(only(tallyOf(known, sequence))).not.toHaveProperty('conflict');
    expect(only(tallyOf({ ...known, conflict: true }, sequence))).toMatchObject({ n: 1, conflict: 1 });
  });
});

describe('exactProduct', () => {
  it('is as documented', () => {
    expect(exactProduct('xx', 90_000_000, 90_000_000)).toEqual({ xx: 44974080, xxHigh: 120699405 });
  });

  it('adds up exactly, whatever the signs', () => {
    const integer = fc.integer({ min: -90_000_000, max: 90_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(integer, integer), { minLength: 1, maxLength: 20 }), (pairs) => {
        const parts = pairs.map(([a, b]) => exactProduct('p', a, b));
        const low = parts.reduce((sum, { p }) => sum + p, 0);
        const high = parts.reduce((sum, { pHigh }) => sum + pHigh, 0);
        expect(BigInt(high) * 2n ** 26n + BigInt(low)).toBe(
          pairs.reduce((sum, [a, b]) => sum + BigInt(a) * BigInt(b), 0n),
        );
      }),
    );
  });
});

describe('amountBucket', () => {
  it.each([
    [1, 0],
    [2, 4],
    [3, 7],
    [4, 8],
    [5, 10],
    [90_000_000, 106],
  ])('puts %i into bucket %i', (amount, bucket) => {
    expect(amountBucket(amount)).toBe(bucket);
  });
});
