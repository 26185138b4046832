import jStat from 'jstat';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile } from '#shared/statistics/beta-distribution.ts';
import { normalCdf, normalQuantile, sampleBeta } from '#shared/statistics/jstat.ts';
import { relativeError } from '../support/worst-error.ts';

// mpmath at 40 digits.
const CDF = [
  [-37, 5.725571222524577e-300],
  [-10, 7.619853024160525e-24],
  [-5, 2.866515718791939e-7],
  [-1.5, 0.06680720126885807],
  [-0.5, 0.3085375387259869],
  [0, 0.5],
  [0.3, 0.6179114221889527],
  [2, 0.9772498680518208],
] as const;
const QUANTILE = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798407],
  [1e-10, -6.361340902404057],
  [0.001, -3.0902323061678136],
  [0.025, -1.9599639845400543],
  [0.3, -0.5244005127080408],
] as const;

describe('normalCdf', () => {
  it.each(CDF)('is right at %d', (z, expected) => {
    expect(Math.abs(relativeError(normalCdf(z), expected))).toBeLessThan(1e-12);
  });

  it('has the lower tail that jstat loses', () => {
    expect(jStat.normal.cdf(-10, 0, 1)).toBe(0);
    expect(Math.abs(relativeError(jStat.normal.cdf(-8, 0, 1), normalCdf(-8)))).toBeGreaterThan(0.01);
  });

  it('joins its two sources without a step', () => {
    expect(normalCdf(-1 + 1e-15) - normalCdf(-1)).toBeCloseTo(0, 15);
    expect(() => normalCdf(Number.NaN)).toThrow('normalCdf requires a number, got NaN');
  });
});

describe('normalQuantile', () => {
  it.each(QUANTILE)('is right at %d', (p, expected) => {
    expect(Math.abs(relativeError(normalQuantile(p), expected))).toBeLessThan(1e-13);
  });

  it('is odd about one half', () => {
    expect(normalQuantile(0.975)).toBe(-normalQuantile(1 - 0.975));
    expect(normalQuantile(0.5)).toBe(0);
  });

  it('refuses what is no probability', () => {
    expect(() => normalQuantile(1)).toThrow('normalQuantile requires a probability between zero and one, got 1');
  });
});

describe('the seam between jstat and our own beta distribution', () => {
  // Half of Beta(n / 2, n / 2) lies below one half, whatever n is.
  const errorAtCentre = (n: number) => Math.abs(jStat.beta.cdf(0.5, n / 2, n / 2) - 0.5);

  it.each([10, 1e3])('lets jstat confirm us while samples are small: n = %d', (n) => {
    for (const rate of [0.02, 0.1, 0.5]) {
      const belief = { alpha: rate * n + 1, beta: (1 - rate) * n + 1 };
      for (const p of [0.01, 0.3, 0.5, 0.9]) {
        const x = betaQuantile(belief, p);
        expect(betaCdf(belief, x)).toBeCloseTo(p, 13);
        expect(Math.abs(jStat.beta.cdf(x, belief.alpha, belief.beta) - p)).toBeLessThan(1e-6);
      }
    }
  });

  it.each([
    { n: 10, atLeast: 0, atMost: 1e-12 },
    { n: 1e3, atLeast: 0, atMost: 1e-7 },
    { n: 1e6, atLeast: 0.01, atMost: 0.1 },
    { n: 1e8, atLeast: 1, atMost: 10 },
  ])('shows by how much jstat misses one half at the centre, n = $n, where we do not', ({ n, atLeast, atMost }) => {
    expect(errorAtCentre(n)).toBeGreaterThanOrEqual(atLeast);
    expect(errorAtCentre(n)).toBeLessThanOrEqual(atMost);
    expect(betaCdf({ alpha: n / 2, beta: n / 2 }, 0.5)).toBeCloseTo(0.5, 14);
  });

  it('shows a jstat probability below zero', () => {
    expect(jStat.beta.cdf(0.5, 5e7, 5e7)).toBeLessThan(-1);
  });

  it('shows a jstat median that is four tenths of a standard deviation off', () => {
    const spread = 0.5 / Math.sqrt(1e8);
    expect((jStat.beta.inv(0.5, 5e7, 5e7) - 0.5) / spread).toBeGreaterThan(0.4);
    expect(betaQuantile({ alpha: 5e7, beta: 5e7 }, 0.5)).toBeCloseTo(0.5, 15);
  });
});

describe('sampleBeta', () => {
  it('draws from where the distribution lies', () => {
    const draws = Array.from({ length: 2_000 }, () => sampleBeta(50, 150));
    const mean = draws.reduce((total, draw) => total + draw, 0) / draws.length;
    // Six standard errors: once in a billion runs by chance.
    expect(Math.abs(mean - 0.25)).toBeLessThan((6 * Math.sqrt((0.25 * 0.75) / 201)) / Math.sqrt(2_000));
  });
});
