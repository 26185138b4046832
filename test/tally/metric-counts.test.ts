import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { isMetricMature, metricCohorts, metricTotal, sumOfCubes, weekCohorts } from '#shared/tally/metric-counts.ts';
import { type Cell, cellKey, type Tally } from '#shared/tally/tally.ts';
import { anExperiment, DAY } from '../support/an-experiment.ts';
import { metricCounters, type Of } from '../support/metric-counters.ts';

const experiment = anExperiment({
  windowDays: 7,
  metrics: [
    { id: 'spend', name: 'Spend', kind: 'value', cap: 50_000 },
    { id: 'replies', name: 'Answered', kind: 'response', activity: 'post', withinHours: 24 },
    { id: 'weeks', name: 'Weeks', kind: 'return', activity: 'visit', weeks: 3 },
  ],
});
const sequence = currentSequence(experiment);
const measureOf = (id: string) => {
  const measure = sequence.metrics?.find((each) => each.id === id);
  if (measure === undefined) throw new Error(id);
  return measure;
};
const cell = (over: Partial<Cell> = {}): string =>
  cellKey({ sequence: 1, epoch: 1, day: 100, variant: 'ladder', class: 'human', segment: '', ...over });
const cohortsOf = (tally: Tally, id: string) => metricCohorts(tally, sequence, [measureOf(id)], () => true)[0] ?? [];

describe('metricCohorts', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 1, maxLength: 30 });

  it('gives the visitors, sums and squares that were put in, exactly, whatever cells they were dealt to', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 3 }), (amounts, cells) => {
        const tally: Tally = new Map(
          Array.from({ length: cells }, (_, i) => [
            cell({ day: 100 + (i % 2), segment: `c=${i}` }),
            metricCounters(
              'spend',
              amounts.filter((__, place) => place % cells === i).map((x) => ({ x })),
            ),
          ]),
        );
        const cohorts = cohortsOf(tally, 'spend');
        expect(metricTotal(cohorts, 'ladder')).toMatchObject({
          count: amounts.length,
          sum: amounts.reduce((sum, x) => sum + x, 0),
          sumOfSquares: amounts.reduce((sum, x) => sum + x * x, 0),
          denominator: amounts.length,
          denominatorSquares: amounts.length,
          any: amounts.filter((x) => x > 0).length,
        });
        expect(metricTotal(cohorts, 'one-ask').count).toBe(0);
      }),
    );
  });

  it('keeps days and weight epochs apart, and leaves other sequences out', () => {
    const one = metricCounters('spend', [{ x: 5 }]);
    const tally: Tally = new Map([
      [cell(), one],
      [cell({ epoch: 2 }), one],
      [cell({ day: 99 }), one],
      [cell({ sequence: 2 }), one],
      [cell({ variant: 'gone' }), one],
    ]);
    const cohorts = cohortsOf(tally, 'spend');
    expect(cohorts.map(({ day, epoch }) => [day, epoch])).toEqual([
      [99, 1],
      [100, 1],
      [100, 2],
    ]);
  });

  it('divides a response by commitments and a value by visitors', () => {
    const pairs: Of[] = [
      { x: 1, d: 3 },
      { x: 0, d: 0 },
      { x: 2, d: 2 },
    ];
    const tally = new Map([[cell(), metricCounters('replies', pairs)]]);
    expect(metricTotal(cohortsOf(tally, 'replies'), 'ladder')).toMatchObject({
      count: 3,
      sum: 3,
      denominator: 5,
      denominatorSquares: 13,
      products: 7,
    });
  });
});

describe('isMetricMature', () => {
  it('waits for each metric as long as it takes: a response for its replies, a return for its last week', () => {
    const at = (days: number) => (101 + days) * DAY;
    expect(isMetricMature(measureOf('spend'), at(7))({ day: 100 })).toBe(true);
    expect(isMetricMature(measureOf('replies'), at(7))({ day: 100 })).toBe(false);
    expect(isMetricMature(measureOf('replies'), at(8))({ day: 100 })).toBe(true);
    expect(isMetricMature(measureOf('weeks'), at(20))({ day: 100 })).toBe(false);
    expect(isMetricMature(measureOf('weeks'), at(21))({ day: 100 })).toBe(true);
  });
});

describe('weekCohorts', () => {
  it('counts who had a commitment in a week, of all of the cohort', () => {
    const visitors: Of[] = [
      { weeks: [1, 3], last: 3 },
      { weeks: [1], last: 3 },
      { weeks: [], last: 3 },
    ];
    const tally = new Map([[cell(), metricCounters('weeks', visitors)]]);
    const cohorts = cohortsOf(tally, 'weeks');
    const [first, third] = [1, 3].map((week) => weekCohorts(cohorts, week)[0]);
    expect(first).toMatchObject({ visitors: { ladder: 3 }, goals: { ladder: 2 } });
    expect(third).toMatchObject({ visitors: { ladder: 3 }, goals: { ladder: 1 } });
  });
});

describe('sumOfCubes', () => {
  const of = (amounts: readonly number[]) => {
    const buckets: Record<number, number> = {};
    for (const x of amounts) {
      const bucket = Math.ceil(4 * Math.log2(x) - 1e-9);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    return { buckets, sumOfSquares: amounts.reduce((sum, x) => sum + x * x, 0) };
  };
  const cubes = (amounts: readonly number[]) => amounts.reduce((sum, x) => sum + x ** 3, 0);

  it('is exact for counts up to six, and within half a percent for money spread between a unit and a thousand', () => {
    const small = [1, 2, 2, 3, 4, 5, 6, 6];
    expect(sumOfCubes(of(small), 100)).toBeCloseTo(cubes(small), 9);
    const money = Array.from({ length: 5000 }, (_, i) => Math.round(100 * Math.exp((i / 5000) * Math.log(1000))));
    expect(Math.abs(sumOfCubes(of(money), 100_000) / cubes(money) - 1)).toBeLessThan(0.005);
  });

  it('is nothing where nobody has anything', () => {
    expect(sumOfCubes(of([]), 100)).toBe(0);
  });
});
