import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMean, posterior } from '#shared/statistics/beta.ts';
import { compareRates } from '#shared/statistics/comparison.ts';
import { difference, probabilityOfDifferenceBelow } from '#shared/statistics/difference.ts';

const uniform = { alpha: 1, beta: 1 };
const arm = fc
  .tuple(fc.double({ min: 0, max: Math.log(1e7), noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([logTrials, rate]) => {
    const trials = Math.floor(Math.exp(logTrials));
    return posterior(Math.round(trials * rate), trials);
  });

describe('difference', () => {
  it('gives its example', () => {
    const { interval } = difference({ alpha: 1, beta: 11 }, { alpha: 2, beta: 12 });
    expect(interval.low).toBeCloseTo(-0.18220055813962974, 12);
    expect(interval.high).toBeCloseTo(0.30442681696144275, 12);
  });

  it('is the triangular distribution for two unknown rates', () => {
    const { mean, median, interval } = difference(uniform, uniform, 0.68);
    expect(mean).toBe(0);
    expect(median).toBeCloseTo(0, 14);
    expect(interval.high).toBeCloseTo(1 - Math.sqrt(0.32), 13);
    expect(interval.low).toBeCloseTo(Math.sqrt(0.32) - 1, 13);
  });

  it('changes sign when the arms change places', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const [there, back] = [difference(a, b), difference(b, a)];
        const halfWidth = (there.interval.high - there.interval.low) / 2;
        expect(Math.abs(there.interval.low + back.interval.high)).toBeLessThan(1e-9 * halfWidth);
        expect(Math.abs(there.median + back.median)).toBeLessThan(1e-9 * halfWidth);
        expect(there.mean + back.mean).toBeCloseTo(0, 14);
      }),
      { numRuns: 50 },
    );
  });

  it('holds its level: the ends are where the distribution says they are', () => {
    fc.assert(
      fc.property(arm, arm, fc.constantFrom(0.5, 0.9, 0.95, 0.999), (a, b, level) => {
        const { median, interval } = difference(a, b, level);
        // A difference next to one is itself rounded to sixteen digits of one.
        fc.pre(Math.abs(interval.low) < 0.99 && Math.abs(interval.high) < 0.99);
        const tail = (1 - level) / 2;
        expect(probabilityOfDifferenceBelow(a, b, interval.low) / tail).toBeCloseTo(1, 8);
        expect(probabilityOfDifferenceBelow(b, a, -interval.high) / tail).toBeCloseTo(1, 8);
        expect(probabilityOfDifferenceBelow(a, b, median)).toBeCloseTo(0.5, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('has the difference of the means as its mean', () => {
    const [a, b] = [posterior(120, 2400), posterior(156, 2390)];
    expect(difference(a, b).mean).toBeCloseTo(betaMean(b) - betaMean(a), 16);
  });

  it('refuses what is no distribution or no level', () => {
    expect(() => difference({ alpha: 0, beta: 1 }, uniform)).toThrow('difference requires positive counts');
    expect(() => difference(uniform, uniform, 1)).toThrow('difference requires a level between zero and one, got 1');
  });
});

describe('probabilityOfDifferenceBelow', () => {
  it('gives its example', () => {
    expect(probabilityOfDifferenceBelow(uniform, uniform, 0.5)).toBeCloseTo(0.875, 15);
  });

  it('is at zero the chance that the control is better', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const chance = compareRates([a, b]).best[0] ?? Number.NaN;
        fc.pre(chance > 1e-290);
        expect(probabilityOfDifferenceBelow(a, b, 0) / chance).toBeCloseTo(1, 10);
      }),
    );
  });

  it('runs from zero to one and never falls', () => {
    const [a, b] = [posterior(3, 20), posterior(7, 25)];
    const chances = [-2, -1, -0.5, -0.1, 0, 0.1, 0.5, 1, 2].map((d) => probabilityOfDifferenceBelow(a, b, d));
    expect(chances).toEqual([...chances].sort((x, y) => x - y));
    expect([chances[1], chances.at(-2)]).toEqual([0, 1]);
    expect(() => probabilityOfDifferenceBelow(a, b, Number.NaN)).toThrow('requires a difference, got NaN');
  });
});
