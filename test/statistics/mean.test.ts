import { describe, expect, it } from 'vitest';
import { compareMeans, estimateMean, type Moments } from '#shared/statistics/mean.ts';

const momentsOf = (values: readonly number[]): Moments => ({
  count: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  sumOfSquares: values.reduce((sum, value) => sum + value ** 2, 0),
  sumOfCubes: values.reduce((sum, value) => sum + value ** 3, 0),
});

/** Moments of `count` values with this mean and this standard error of it. */
const known = (mean: number, standardError: number, count = 1000): Moments => ({
  count,
  sum: mean * count,
  sumOfSquares: standardError ** 2 * count * (count - 1) + count * mean ** 2,
});

describe('estimateMean', () => {
  it('asks for two visitors', () => {
    expect(estimateMean(momentsOf([7]))).toMatchObject({ kind: 'insufficient' });
  });

  it('is the mean with its standard error', () => {
    expect(estimateMean({ count: 4, sum: 8, sumOfSquares: 24 })).toMatchObject({
      mean: 2,
      standardError: expect.closeTo(0.816496580927726, 12),
      skewness: null,
      trusted: null,
    });
  });

  it('is not trusted while a few payers make all the money', () => {
    const few = estimateMean(momentsOf([...new Array<number>(990).fill(0), ...new Array<number>(10).fill(5000)]));
    // Skewness of a rate of 1 %: (1 - 2p) / √(p q) = 9.849; 355 times its square is 34,439 visitors.
    expect(few).toMatchObject({ skewness: expect.closeTo(9.849, 3), trusted: false, visitorsForTrust: 34_439 });
    expect(
      estimateMean(momentsOf([...new Array<number>(500).fill(0), ...new Array<number>(500).fill(1)])),
    ).toMatchObject({
      trusted: true,
    });
  });
});

describe('compareMeans', () => {
  it("has Fieller's interval of the ratio", () => {
    // The quadratic solved with scipy 1.17's normal quantile.
    expect(compareMeans(known(10, 1.2), known(11, 1.5))).toMatchObject({
      difference: expect.closeTo(1, 10),
      ratio: {
        estimate: expect.closeTo(1.1, 12),
        interval: { low: expect.closeTo(0.7563727737549195, 9), high: expect.closeTo(1.5724507748255807, 9) },
      },
      beatsControl: expect.closeTo(0.6986, 3),
    });
  });

  it('reports no ratio to a control that may be zero', () => {
    expect(compareMeans(known(1, 0.6), known(3, 0.5))).toMatchObject({ kind: 'compared', ratio: null });
  });

  it('is undecided between two variants in which nobody pays', () => {
    const nothing = momentsOf([0, 0, 0]);
    expect(compareMeans(nothing, nothing)).toMatchObject({ beatsControl: 0.5, ratio: null, difference: 0 });
  });
});
