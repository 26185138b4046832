import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE, pointAt, sliceAt, sliceEnds } from '#shared/assignment/line.ts';
import { murmur3 } from '#shared/assignment/murmur3.ts';

const someWeights = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 100_000 })), {
    minLength: 2,
    maxLength: 10,
  })
  .filter((weights) => weights.some((weight) => weight > 0));
const aPoint = fc.integer({ min: 0, max: LINE - 1 });
const at = (list: readonly number[], index: number): number => list[index] ?? Number.NaN;
const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

describe('sliceEnds', () => {
  it('covers the line exactly once for any weights', () => {
    fc.assert(
      fc.property(someWeights, (weights) => {
        const ends = sliceEnds(weights);
        expect(ends).toHaveLength(weights.length);
        expect(ends.at(-1)).toBe(LINE);
        ends.forEach((end, i) => {
          expect(Number.isInteger(end)).toBe(true);
          expect(end).toBeGreaterThanOrEqual(i === 0 ? 0 : at(ends, i - 1));
        });
      }),
    );
  });

  it('cuts where exact arithmetic cuts, rounded down', () => {
    fc.assert(
      fc.property(someWeights, (weights) => {
        const exact = weights.map((_, i) =>
          Number((BigInt(LINE) * BigInt(sum(weights.slice(0, i + 1)))) / BigInt(sum(weights))),
        );
        expect(sliceEnds(weights)).toEqual(exact);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives weights of one ratio the same slices in any scale', () => {
    expect(sliceEnds([1, 1])).toEqual(sliceEnds([5_000, 5_000]));
    fc.assert(
      fc.property(
        fc
          .array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 10 })
          .filter((weights) => sum(weights) > 0),
        fc.integer({ min: 1, max: 1_000 }),
        (weights, scale) => {
          expect(sliceEnds(weights.map((weight) => weight * scale))).toEqual(sliceEnds(weights));
        },
      ),
    );
  });

  it('gives a variant of weight zero nobody', () => {
    fc.assert(
      fc.property(someWeights, aPoint, (weights, point) => {
        expect(weights[sliceAt(point, sliceEnds(weights))]).toBeGreaterThan(0);
      }),
    );
  });

  it('moves visitors only towards the variant whose weight rises, and never past it', () => {
    fc.assert(
      fc.property(
        someWeights,
        fc.nat(9),
        fc.integer({ min: 1, max: 50_000 }),
        aPoint,
        (weights, which, more, point) => {
          const raised = which % weights.length;
          const before = sliceAt(point, sliceEnds(weights));
          const after = sliceAt(point, sliceEnds(weights.map((w, i) => (i === raised ? w + more : w))));
          if (before === raised) expect(after).toBe(raised);
          else if (before < raised) expect(after >= before && after <= raised).toBe(true);
          else expect(after <= before && after >= raised).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('moves visitors of two variants only into the one whose weight rises', () => {
    const twoWeights = fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 1_000 }));
    fc.assert(
      fc.property(twoWeights, fc.nat(1), fc.integer({ min: 1, max: 1_000 }), aPoint, (weights, raised, more, point) => {
        const before = sliceAt(point, sliceEnds(weights));
        const after = sliceAt(point, sliceEnds(weights.map((w, i) => (i === raised ? w + more : w))));
        expect([before, raised]).toContain(after);
      }),
    );
  });

  it('may move visitors between two others when a third rises: the price of slices that lie in a row', () => {
    const point = LINE / 3 - 1;
    expect(sliceAt(point, sliceEnds([1, 1, 1]))).toBe(0);
    expect(sliceAt(point, sliceEnds([1, 1, 2]))).toBe(1);
  });
});

describe('sliceAt', () => {
  it('takes the first point of a slice in and leaves its end to the next', () => {
    const ends = sliceEnds([1, 0, 1]);
    expect([0, LINE / 2 - 1, LINE / 2, LINE - 1].map((point) => sliceAt(point, ends))).toEqual([0, 0, 2, 2]);
  });

  it.each([{ weights: [1, 1] }, { weights: [1, 3] }, { weights: [1, 1, 1] }, { weights: [5, 0, 10, 985] }])(
    'lands within four standard errors of the weights $weights over 20,000 visitors',
    ({ weights }) => {
      const visitors = 20_000;
      const counts = weights.map(() => 0);
      const ends = sliceEnds(weights);
      for (let i = 0; i < visitors; i++) {
        const slice = sliceAt(murmur3(`visitor-${i}`, 20260115), ends);
        counts[slice] = at(counts, slice) + 1;
      }
      weights.forEach((weight, i) => {
        const share = weight / sum(weights);
        const standardError = Math.sqrt(visitors * share * (1 - share));
        expect(Math.abs(at(counts, i) - visitors * share)).toBeLessThanOrEqual(4 * standardError);
      });
    },
  );
});

describe('pointAt', () => {
  it('only grows when the share grows, from nobody to everybody', () => {
    expect([pointAt(0), pointAt(0.5), pointAt(1)]).toEqual([0, LINE / 2, LINE]);
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(share, share, (a, b) => pointAt(Math.min(a, b)) <= pointAt(Math.max(a, b))));
  });
});
