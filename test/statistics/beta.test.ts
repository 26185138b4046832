import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  betaMean,
  betaVariance,
  logOddsDifference,
  meanDifference,
  mirrored,
  posterior,
  UNIFORM,
} from '#shared/statistics/beta.ts';

describe('posterior', () => {
  it('adds successes and failures to a uniform prior', () => {
    expect(posterior(120, 2400)).toEqual({ alpha: 121, beta: 2281 });
  });

  it('is the prior where nothing was tried', () => {
    expect(posterior(0, 0)).toEqual(UNIFORM);
    expect(posterior(0, 0, { alpha: 0.25, beta: 0.75 })).toEqual({ alpha: 0.25, beta: 0.75 });
  });

  it('is the same whether the data arrive at once or in two parts', () => {
    const counts = fc.tuple(fc.nat(1e6), fc.nat(1e6));
    fc.assert(
      fc.property(counts, counts, ([s1, f1], [s2, f2]) => {
        const inParts = posterior(s2, s2 + f2, posterior(s1, s1 + f1));
        expect(inParts).toEqual(posterior(s1 + s2, s1 + s2 + f1 + f2));
      }),
    );
  });

  it.each([
    {
      name: 'more successes than trials',
      call: () => posterior(12, 10),
      says: 'posterior requires successes between zero and trials, got 12 of 10',
    },
    {
      name: 'negative successes',
      call: () => posterior(-1, 10),
      says: 'posterior requires successes between zero and trials, got -1 of 10',
    },
    { name: 'successes that are not a number', call: () => posterior(Number.NaN, 10), says: 'got NaN of 10' },
    {
      name: 'endless trials',
      call: () => posterior(1, Infinity),
      says: 'posterior requires trials between zero and 1e12, got Infinity',
    },
    { name: 'trials that are not a number', call: () => posterior(0, Number.NaN), says: 'got NaN' },
    {
      name: 'an improper prior',
      call: () => posterior(1, 2, { alpha: 0, beta: 1 }),
      says: 'posterior requires positive counts up to 1e12, got Beta(0, 1)',
    },
  ])('refuses $name', ({ call, says }) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(says);
  });
});

describe('the moments', () => {
  it('are those of the distribution', () => {
    expect(betaMean({ alpha: 1, beta: 3 })).toBe(0.25);
    expect(betaVariance(UNIFORM)).toBeCloseTo(1 / 12, 16);
    expect(mirrored({ alpha: 1, beta: 3 })).toEqual({ alpha: 3, beta: 1 });
  });

  it('keep the difference of two means that differ by one visitor in a hundred million', () => {
    const all = posterior(1e8, 1e8);
    const oneShort = posterior(1e8 - 1, 1e8);
    expect(meanDifference(oneShort, all) * (1e8 + 2)).toBeCloseTo(1, 14);
    expect(meanDifference({ alpha: 1, beta: 3 }, { alpha: 1, beta: 1 })).toBe(0.25);
  });

  it('keep a small log-odds difference', () => {
    expect(logOddsDifference({ alpha: 1, beta: 3 }, UNIFORM)).toBeCloseTo(Math.log(3), 15);
    const half = { alpha: 5e7, beta: 5e7 };
    expect(logOddsDifference(half, { alpha: 5e7 + 1, beta: 5e7 }) / 2e-8).toBeCloseTo(1 - 1e-8, 14);
  });
});
