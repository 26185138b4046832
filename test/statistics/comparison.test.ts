import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Beta, betaMean, mirrored, posterior } from '#shared/statistics/beta.ts';
import { betaSurvival } from '#shared/statistics/beta-distribution.ts';
import { compareRates } from '#shared/statistics/comparison.ts';

const prior = fc.constantFrom({ alpha: 1, beta: 1 }, { alpha: 0.5, beta: 0.5 }, { alpha: 0.25, beta: 0.75 });
const trials = fc.double({ min: 0, max: Math.log(1e8), noNaN: true }).map((log) => Math.floor(Math.exp(log)));
const share = fc.oneof(fc.constantFrom(0, 1, 1e-6, 0.05), fc.double({ min: 0, max: 1, noNaN: true }));
const arm = fc.tuple(trials, share, prior).map(([n, rate, p]) => posterior(Math.round(n * rate), n, p));
const arms = fc.array(arm, { minLength: 1, maxLength: 10 });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const close = (a: number, b: number, relative: number) =>
  expect(Math.abs(a - b), `${a} against ${b}`).toBeLessThanOrEqual(relative * Math.abs(b) + 1e-300);

describe('compareRates', () => {
  it('gives its example', () => {
    const { best } = compareRates([
      { alpha: 121, beta: 2281 },
      { alpha: 157, beta: 2235 },
    ]);
    expect(best[1]).toBeCloseTo(0.98829, 5);
  });

  it('shares one out among the variants as best, and as second where there are two or more', () => {
    fc.assert(
      fc.property(arms, (posteriors) => {
        const { best, second, notBest } = compareRates(posteriors);
        close(sum(best), 1, 1e-12);
        close(sum(second), posteriors.length > 1 ? 1 : 0, 1e-12);
        for (const [i, chance] of best.entries()) close(chance + (notBest[i] ?? Number.NaN), 1, 1e-12);
      }),
    );
  });

  it('lets two losses differ by exactly as much as the means', () => {
    fc.assert(
      fc.property(arms, (posteriors) => {
        const { expectedLoss } = compareRates(posteriors);
        const [first] = posteriors as [Beta];
        for (const [i, belief] of posteriors.entries()) {
          const gap = (expectedLoss[i] ?? Number.NaN) - (expectedLoss[0] ?? Number.NaN);
          expect(Math.abs(gap - (betaMean(first) - betaMean(belief)))).toBeLessThan(1e-13);
          expect(expectedLoss[i]).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('does not care in which order the variants come', () => {
    fc.assert(
      fc.property(arms, (posteriors) => {
        const forwards = compareRates(posteriors);
        const backwards = compareRates([...posteriors].reverse());
        for (const [i, chance] of [...backwards.best].reverse().entries()) close(chance, forwards.best[i] ?? 9, 1e-10);
        for (const [i, loss] of [...backwards.expectedLoss].reverse().entries())
          close(loss, forwards.expectedLoss[i] ?? 9, 1e-10);
      }),
    );
  });

  it('turns round when successes and failures change places', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const { best } = compareRates([a, b]);
        const turned = compareRates([mirrored(a), mirrored(b)]).best;
        close(turned[0] ?? 9, best[1] ?? 9, 1e-10);
        close(turned[1] ?? 9, best[0] ?? 9, 1e-10);
      }),
    );
  });

  it('gives identical variants the same chances, and any number of them', () => {
    for (const k of [1, 2, 3, 10]) {
      for (const belief of [
        posterior(0, 0),
        posterior(3, 10),
        posterior(0, 1e8),
        posterior(5e7, 1e8),
        posterior(1e8, 1e8),
      ]) {
        const { best, expectedLoss } = compareRates(Array.from({ length: k }, () => belief));
        for (const chance of best) close(chance, 1 / k, 1e-12);
        expect(new Set(expectedLoss).size).toBe(1);
      }
    }
  });

  it('is certain and lossless about a single variant', () => {
    expect(compareRates([posterior(3, 10)])).toEqual({
      best: [1],
      second: [0],
      notBest: [0],
      beatsControl: [null],
      expectedLoss: [0],
    });
  });

  it('grows surer of a variant with every further success', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const before = compareRates([a, b]);
        const after = compareRates([a, { alpha: b.alpha * 1.01 + 1, beta: b.beta }]);
        expect(after.notBest[1]).toBeLessThanOrEqual((before.notBest[1] ?? Number.NaN) * (1 + 1e-11));
        expect(after.best[1]).toBeGreaterThanOrEqual((before.best[1] ?? Number.NaN) * (1 - 1e-11));
      }),
    );
  });

  it('asks of one narrow variant what the distribution of the other says at that rate', () => {
    const wide = posterior(7, 40);
    const narrow = { alpha: 0.2 * 1e12, beta: 0.8 * 1e12 };
    close(compareRates([narrow, wide]).best[1] ?? 9, betaSurvival(wide, 0.2), 1e-6);
  });

  it('keeps tails as tails: a hopeless variant has a tiny chance, not none, and the doubt about a winner equals it', () => {
    const { best, notBest, expectedLoss } = compareRates([posterior(10_000, 1e6), posterior(15_900, 1e6)]);
    expect(best[0]).toBeGreaterThan(1e-302);
    expect(best[0]).toBeLessThan(1e-298);
    expect(notBest[1]).toBe(best[0]);
    expect(expectedLoss[1]).toBeGreaterThan(0);
    expect(expectedLoss[1]).toBeLessThan(best[0] ?? 0);
  });

  it('answers zero, not NaN, where a chance is below the smallest number', () => {
    const { best, expectedLoss } = compareRates([posterior(1e6, 1e8), posterior(99e6, 1e8), posterior(0, 0)]);
    expect(best[0]).toBe(0);
    expect(sum(best)).toBeCloseTo(1, 12);
    expect(expectedLoss.every(Number.isFinite)).toBe(true);
  });

  it('compares with whichever variant is the control', () => {
    const posteriors = [posterior(30, 400), posterior(41, 400), posterior(35, 380)];
    const { beatsControl } = compareRates(posteriors, 1);
    expect(beatsControl[1]).toBeNull();
    close(beatsControl[2] ?? 9, compareRates([posteriors[1] as Beta, posteriors[2] as Beta]).best[1] ?? 8, 1e-12);
  });

  it('refuses an empty comparison, a control that is not there and a posterior that is none', () => {
    expect(() => compareRates([])).toThrow('compareRates requires at least one posterior, got none');
    expect(() => compareRates([posterior(1, 2)], 1)).toThrow(
      'compareRates requires the control to be one of 1 posteriors, got 1',
    );
    expect(() => compareRates([{ alpha: Number.NaN, beta: 1 }])).toThrow(RangeError);
  });
});
