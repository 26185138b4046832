import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { posterior } from '#shared/statistics/beta.ts';
import { compareRates } from '#shared/statistics/comparison.ts';
import { standardisedPosteriors } from '#shared/verdict/standardised.ts';

const cohort = (epoch: number, day: number, a: readonly [number, number], b: readonly [number, number]) => ({
  epoch,
  day,
  visitors: { a: a[0], b: b[0] },
  goals: { a: a[1], b: b[1] },
});

/** Nothing differs; the weights went from even to one in ten just as a better week began. */
const simpson = [cohort(1, 1, [10_000, 500], [10_000, 500]), cohort(2, 2, [2_000, 160], [18_000, 1440])];

describe('standardisedPosteriors', () => {
  it('is the exact posterior while weights never changed', () => {
    const counts = fc.tuple(fc.nat(500), fc.nat(500)).map(([goals, misses]) => [goals + misses, goals] as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(counts, counts), { minLength: 1, maxLength: 9 }), (days) => {
        const cohorts = days.map(([a, b], day) => cohort(1, day, a, b));
        const sum = (pick: (each: (typeof cohorts)[number]) => number) =>
          cohorts.reduce((total, each) => total + pick(each), 0);
        expect(standardisedPosteriors(cohorts, ['a', 'b'])).toEqual([
          posterior(
            sum(({ goals }) => goals.a),
            sum(({ visitors }) => visitors.a),
          ),
          posterior(
            sum(({ goals }) => goals.b),
            sum(({ visitors }) => visitors.b),
          ),
        ]);
      }),
    );
  });

  it('is not fooled by weights that changed as the rates drifted, where adding up is sure of a difference that is not there', () => {
    const added = [posterior(660, 12_000), posterior(1940, 28_000)];
    expect(compareRates(added).best[1]).toBeGreaterThan(0.999);
    const best = compareRates(standardisedPosteriors(simpson, ['a', 'b'])).best;
    expect(best[1]).toBeGreaterThan(0.4);
    expect(best[1]).toBeLessThan(0.6);
  });

  it('leaves out epochs in which a variant had nobody', () => {
    const [only, other] = [cohort(1, 1, [1000, 50], [1000, 60]), cohort(2, 2, [5000, 900], [0, 0])];
    const [a] = standardisedPosteriors([only, other], ['a', 'b']);
    expect((a?.alpha ?? 0) / ((a?.alpha ?? 0) + (a?.beta ?? 1))).toBeCloseTo(0.05, 2);
  });

  it('says nothing new when an epoch is cut in two', () => {
    const whole = standardisedPosteriors([cohort(1, 1, [4000, 200], [4000, 240])], ['a', 'b']);
    const halves = standardisedPosteriors(
      [cohort(1, 1, [2000, 100], [2000, 120]), cohort(2, 2, [2000, 100], [2000, 120])],
      ['a', 'b'],
    );
    expect(compareRates(halves).best[1]).toBeCloseTo(compareRates(whole).best[1] ?? 0, 3);
  });
});
