import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { posterior } from '#shared/statistics/beta.ts';
import { compareRates } from '#shared/statistics/comparison.ts';
import { probabilityOfRatioBelow, probabilityRatioWithin, uplift } from '#shared/statistics/uplift.ts';

const uniform = { alpha: 1, beta: 1 };
const arm = fc
  .tuple(fc.double({ min: 0, max: Math.log(1e7), noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([logTrials, rate]) => {
    const trials = Math.floor(Math.exp(logTrials));
    return posterior(Math.round(trials * rate), trials);
  });

describe('uplift', () => {
  it('gives its example', () => {
    const { mean, median, interval } = uplift({ alpha: 1, beta: 11 }, { alpha: 2, beta: 12 });
    expect(mean).toBeNull();
    expect(median).toBeCloseTo(1.0348062714190929, 12);
    expect(interval.low).toBeCloseTo(-0.8186779700437228, 12);
    expect(interval.high).toBeCloseTo(60.85311644476348, 10);
  });

  it('is known in closed form for two unknown rates: half the mass of the ratio on each side of one', () => {
    const { median, interval } = uplift(uniform, uniform, 0.9);
    expect(median).toBeCloseTo(0, 13);
    expect(interval.low).toBeCloseTo(0.1 - 1, 12);
    expect(interval.high).toBeCloseTo(10 - 1, 10);
  });

  it('turns into its inverse when the arms change places', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const [there, back] = [uplift(a, b), uplift(b, a)];
        // Next to -1 an uplift is itself rounded to sixteen digits of one.
        fc.pre(there.interval.low > -0.999 && there.interval.high < 999);
        expect((1 + there.interval.low) * (1 + back.interval.high)).toBeCloseTo(1, 9);
        expect((1 + there.median) * (1 + back.median)).toBeCloseTo(1, 10);
      }),
      { numRuns: 50 },
    );
  });

  it('holds its level: the ends are where the distribution says they are', () => {
    fc.assert(
      fc.property(arm, arm, fc.constantFrom(0.5, 0.9, 0.95, 0.999), (a, b, level) => {
        const { median, interval } = uplift(a, b, level);
        const tail = (1 - level) / 2;
        fc.pre(interval.low > -0.9999);
        expect(probabilityOfRatioBelow(a, b, 1 + interval.low) / tail).toBeCloseTo(1, 7);
        expect(probabilityOfRatioBelow(b, a, 1 / (1 + interval.high)) / tail).toBeCloseTo(1, 7);
        expect(probabilityOfRatioBelow(a, b, 1 + median)).toBeCloseTo(0.5, 8);
      }),
      { numRuns: 50 },
    );
  });

  it('has no mean unless the control has more than one success to its name', () => {
    expect(uplift(posterior(0, 100), posterior(5, 100)).mean).toBeNull();
    expect(uplift(posterior(1, 100), posterior(1, 100)).mean).toBeCloseTo((2 / 102) * (101 / 1) - 1, 14);
  });

  it('keeps the mean of a lift of one in a million', () => {
    const { mean } = uplift({ alpha: 5e7, beta: 5e7 }, { alpha: 5e7 + 50, beta: 5e7 - 50 });
    // E[p_T] E[1 / p_C] - 1 = 1e-6 + 1e-8 and a little: (n - 1) / (α - 1) is not n / α.
    expect((mean ?? Number.NaN) / 1.0100000102e-6).toBeCloseTo(1, 9);
  });

  it('refuses what is no distribution or no level', () => {
    expect(() => uplift(uniform, { alpha: 1, beta: -1 })).toThrow('uplift requires positive counts');
    expect(() => uplift(uniform, uniform, 0)).toThrow('uplift requires a level between zero and one, got 0');
  });
});

describe('probabilityOfRatioBelow', () => {
  it('gives its example', () => {
    expect(probabilityOfRatioBelow(uniform, uniform, 0.5)).toBeCloseTo(0.25, 15);
  });

  it('is at one the chance that the control is better', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const chance = compareRates([a, b]).best[0] ?? Number.NaN;
        fc.pre(chance > 1e-290);
        expect(probabilityOfRatioBelow(a, b, 1) / chance).toBeCloseTo(1, 10);
      }),
    );
  });

  it('keeps a tail of 1e-100 that one minus the other side would lose', () => {
    const tail = probabilityOfRatioBelow(posterior(10_000, 1e6), posterior(13_500, 1e6), 1);
    expect(tail).toBeGreaterThan(1e-120);
    expect(tail).toBeLessThan(1e-100);
  });

  it('runs from zero to one', () => {
    expect([-1, 0].map((ratio) => probabilityOfRatioBelow(uniform, uniform, ratio))).toEqual([0, 0]);
    expect(probabilityOfRatioBelow(uniform, uniform, Infinity)).toBe(1);
    expect(probabilityOfRatioBelow(uniform, uniform, 1e300)).toBe(1);
    expect(() => probabilityOfRatioBelow(uniform, uniform, Number.NaN)).toThrow('requires a ratio, got NaN');
  });
});

describe('probabilityRatioWithin', () => {
  it('gives its example', () => {
    expect(probabilityRatioWithin(uniform, uniform, 0.5, 2)).toBeCloseTo(0.5, 15);
  });

  it('is everything between zero and infinity, and adds up over neighbouring regions', () => {
    const [a, b] = [posterior(40, 400), posterior(52, 410)];
    const cuts = [0, 0.5, 0.9, 1.1, 2, Infinity];
    const parts = cuts.slice(1).map((high, i) => probabilityRatioWithin(a, b, cuts[i] ?? Number.NaN, high));
    expect(probabilityRatioWithin(a, b, 0, Infinity)).toBe(1);
    expect(parts.reduce((total, part) => total + part, 0)).toBeCloseTo(1, 14);
  });

  it('keeps its digits in the upper tail as in the lower', () => {
    const [a, b] = [posterior(1000, 20_000), posterior(1600, 20_000)];
    const inLowerTail = probabilityRatioWithin(a, b, 0.9, 1.1);
    const inUpperTail = probabilityRatioWithin(b, a, 1 / 1.1, 1 / 0.9);
    expect(inLowerTail).toBeLessThan(1e-15);
    expect(inLowerTail).toBeGreaterThan(0);
    expect(inUpperTail / inLowerTail).toBeCloseTo(1, 10);
  });

  it('refuses a region that is turned round', () => {
    expect(() => probabilityRatioWithin(uniform, uniform, 1.1, 0.9)).toThrow(
      'probabilityRatioWithin requires zero ≤ low ≤ high, got 1.1 to 0.9',
    );
  });
});
