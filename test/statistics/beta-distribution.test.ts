import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mirrored } from '#shared/statistics/beta.ts';
import { betaCdf, betaInterval, betaQuantile, betaSurvival } from '#shared/statistics/beta-distribution.ts';
import { relativeError } from '../support/worst-error.ts';

/** Counts from half a visitor to a hundred million, each order of magnitude as likely as another. */
const count = fc.double({ min: Math.log(0.5), max: Math.log(1e8), noNaN: true }).map(Math.exp);
const belief = fc.record({ alpha: count, beta: count });

describe('betaCdf', () => {
  it('gives its examples', () => {
    expect(betaCdf({ alpha: 2, beta: 18 }, 0.1)).toBeCloseTo(0.579735, 6);
    expect(betaSurvival({ alpha: 1, beta: 3 }, 0.5)).toBeCloseTo(0.125, 15);
  });

  it('is the arcsine law for Beta(½, ½), down to its singular ends', () => {
    for (const x of [1e-300, 1e-12, 0.01, 0.5, 0.9]) {
      const expected = (2 / Math.PI) * Math.asin(Math.sqrt(x));
      expect(relativeError(betaCdf({ alpha: 0.5, beta: 0.5 }, x), expected)).toBeCloseTo(0, 13);
    }
  });

  it('is a power where one count is one, into the far tail', () => {
    for (const n of [1, 7, 300, 1e6]) {
      for (const x of [1e-9, 0.001, 0.3]) {
        const survival = Math.exp(n * Math.log1p(-x));
        if (survival > 1e-300)
          expect(relativeError(betaSurvival({ alpha: 1, beta: n }, x), survival)).toBeCloseTo(0, 11);
      }
    }
  });

  it('is one half in the middle of a symmetric distribution of any size', () => {
    for (const n of [0.5, 5, 500, 5e5, 5e7, 5e11]) expect(betaCdf({ alpha: n, beta: n }, 0.5)).toBeCloseTo(0.5, 14);
  });

  it('is zero below every rate and one above', () => {
    expect([-1, 0].map((x) => betaCdf({ alpha: 2, beta: 3 }, x))).toEqual([0, 0]);
    expect([1, 2].map((x) => betaCdf({ alpha: 2, beta: 3 }, x))).toEqual([1, 1]);
    expect(betaSurvival({ alpha: 2, beta: 3 }, 0)).toBe(1);
    expect(betaSurvival({ alpha: 2, beta: 3 }, 1)).toBe(0);
  });

  it('mirrors: successes below x are failures above 1 - x', () => {
    fc.assert(
      fc.property(belief, fc.integer({ min: 1, max: 1023 }), (b, k) => {
        const x = k / 1024;
        const [below, above] = [betaCdf(b, x), betaSurvival(mirrored(b), 1 - x)];
        expect(Math.abs(below - above)).toBeLessThanOrEqual(1e-12 * below);
      }),
    );
  });

  it('refuses what is no distribution or no rate', () => {
    expect(() => betaCdf({ alpha: -1, beta: 1 }, 0.5)).toThrow(
      'betaCdf requires positive counts up to 1e12, got Beta(-1, 1)',
    );
    expect(() => betaSurvival({ alpha: 1, beta: 1 }, Number.NaN)).toThrow('betaSurvival requires a rate, got NaN');
  });
});

describe('betaQuantile', () => {
  it('gives its example', () => {
    expect(betaQuantile({ alpha: 1, beta: 3 }, 0.5)).toBeCloseTo(1 - 2 ** (-1 / 3), 15);
  });

  it('is undone by the distribution function in the lower tail', () => {
    fc.assert(
      fc.property(belief, fc.double({ min: -27, max: -0.8, noNaN: true }).map(Math.exp), (b, p) => {
        const x = betaQuantile(b, p);
        // Next to a rate of one the quantile itself is rounded to sixteen digits, which the cdf then magnifies.
        fc.pre(x > 0 && x < 0.99);
        const sensitivity = 1e-16 * Math.sqrt(b.alpha + b.beta) * 30;
        expect(Math.abs(relativeError(betaCdf(b, x), p))).toBeLessThan(1e-12 + sensitivity);
      }),
    );
  });

  it('rises with the probability and spans all rates', () => {
    fc.assert(
      fc.property(belief, (b) => {
        const quantiles = [0, 1e-12, 0.01, 0.3, 0.5, 0.7, 0.99, 1 - 1e-12, 1].map((p) => betaQuantile(b, p));
        for (let i = 1; i < quantiles.length; i += 1) {
          expect(quantiles[i]).toBeGreaterThanOrEqual(quantiles[i - 1] ?? Number.NaN);
        }
        expect([quantiles[0], quantiles.at(-1)]).toEqual([0, 1]);
      }),
    );
  });

  it('refuses what is no probability', () => {
    expect(() => betaQuantile({ alpha: 1, beta: 1 }, 1.5)).toThrow(
      'betaQuantile requires a probability between zero and one, got 1.5',
    );
  });
});

describe('betaInterval', () => {
  it('gives its example', () => {
    const { low, high } = betaInterval({ alpha: 121, beta: 2281 });
    expect(low).toBeCloseTo(0.04199038809959328, 14);
    expect(high).toBeCloseTo(0.05946782663082527, 14);
  });

  it('leaves the same probability out on both sides', () => {
    fc.assert(
      fc.property(belief, fc.constantFrom(0.5, 0.95, 0.99, 0.999), (b, level) => {
        fc.pre(b.alpha / b.beta < 100);
        const { low, high } = betaInterval(b, level);
        expect(betaCdf(b, low) / ((1 - level) / 2)).toBeCloseTo(1, 9);
        fc.pre(high < 0.999);
        expect(betaSurvival(b, high) / ((1 - level) / 2)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('narrows as visitors come in at the same rate', () => {
    const width = (n: number) => {
      const { low, high } = betaInterval({ alpha: 0.05 * n + 1, beta: 0.95 * n + 1 });
      return high - low;
    };
    const widths = [10, 100, 1e3, 1e4, 1e6, 1e8].map(width);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(width(1e8) / width(1e6)).toBeCloseTo(0.1, 4);
  });

  it('refuses a level that is no share', () => {
    expect(() => betaInterval({ alpha: 1, beta: 1 }, 95)).toThrow(
      'betaInterval requires a level between zero and one, got 95',
    );
  });
});
