import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thompsonAllocation, topTwoAllocation, withChangeCap, withFloor } from '#shared/statistics/allocation.ts';
import { compareRates } from '#shared/statistics/comparison.ts';

const sum = (shares: readonly number[]) => shares.reduce((whole, share) => whole + share, 0);
const shares = fc
  .array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 2, maxLength: 10 })
  .map((weights) => weights.map((weight) => weight / sum(weights)));
const others = (best: readonly number[]) => best.map((_, i) => sum(best.filter((_, j) => j !== i)));

describe('topTwoAllocation', () => {
  it('is the even split for two variants', () => {
    expect(topTwoAllocation([0.9, 0.1], [0.1, 0.9])).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)]);
  });

  it('gives away the whole traffic, and the most of it to the most probable', () => {
    fc.assert(
      fc.property(shares, (best) => {
        const allocation = topTwoAllocation(best, others(best));
        expect(sum(allocation)).toBeCloseTo(1, 12);
        const favourite = allocation[best.indexOf(Math.max(...best))] ?? 0;
        for (const share of allocation) expect(share).toBeLessThanOrEqual(favourite + 1e-12);
      }),
    );
  });

  it('keeps asking about the challengers of a variant that is certain beyond all digits', () => {
    expect(topTwoAllocation([1, 0, 0], [0, 1, 1])).toEqual([0.5, 0.25, 0.25]);
  });

  it('shares out next to certainty by how likely each challenger is', () => {
    const posteriors = [
      { alpha: 900, beta: 100 },
      { alpha: 400, beta: 600 },
      { alpha: 300, beta: 700 },
    ];
    const { best, notBest } = compareRates(posteriors);
    const [first = 0, second = 0, third = 0] = topTwoAllocation(best, notBest);
    expect(first).toBeCloseTo(0.5, 6);
    expect(second).toBeGreaterThan(0.49);
    expect(first + second + third).toBeCloseTo(1, 12);
  });
});

describe('withFloor', () => {
  it('starves nobody and keeps the whole', () => {
    expect(withFloor(thompsonAllocation([1, 0]), 0.05)).toEqual([expect.closeTo(0.95, 12), 0.05]);
    fc.assert(
      fc.property(shares, (best) => {
        const allocation = withFloor(best, 0.02);
        expect(Math.min(...allocation)).toBeGreaterThanOrEqual(0.02);
        expect(sum(allocation)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('refuses a floor that is more than there is', () => {
    expect(() => withFloor([0.5, 0.5], 0.6)).toThrow('withFloor requires a floor');
  });
});

describe('withChangeCap', () => {
  it('moves as far as it may towards the wanted weights, and keeps the whole', () => {
    const [first, second] = withChangeCap([0.5, 0.5], [1, 0], 0.2);
    expect([first, second]).toEqual([expect.closeTo(0.7, 12), expect.closeTo(0.3, 12)]);
    fc.assert(
      fc.property(shares, (wanted) => {
        const present = wanted.map(() => 1 / wanted.length);
        const next = withChangeCap(present, wanted, 0.1);
        expect(sum(next)).toBeCloseTo(1, 12);
        next.forEach((share, i) => {
          expect(Math.abs(share - (present[i] ?? 0))).toBeLessThanOrEqual(0.1 + 1e-12);
        });
      }),
    );
  });
});
