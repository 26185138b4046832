import { describe, expect, it } from 'vitest';
import { estimateRatio, type RatioMoments, residualSquares } from '#shared/statistics/ratio.ts';
import { seeded } from '../../local/simulation/random.ts';

type Pair = readonly [x: number, d: number];

const momentsOf = (pairs: readonly Pair[]): RatioMoments => {
  const sum = (of: (pair: Pair) => number) => pairs.reduce((total, pair) => total + of(pair), 0);
  return {
    count: pairs.length,
    sum: sum(([x]) => x),
    sumOfSquares: sum(([x]) => x * x),
    denominator: sum(([, d]) => d),
    denominatorSquares: sum(([, d]) => d * d),
    products: sum(([x, d]) => x * d),
  };
};

/** The standard deviation of the ratio when members, and not posts, are drawn again. */
function bootstrapError(pairs: readonly Pair[], draws = 2000): number {
  const random = seeded(41);
  const ratios = Array.from({ length: draws }, () => {
    const drawn = pairs.map(() => pairs[Math.floor(random.uniform() * pairs.length)] ?? [0, 0]);
    const { sum, denominator } = momentsOf(drawn as Pair[]);
    return denominator === 0 ? 0 : sum / denominator;
  });
  const mean = ratios.reduce((total, ratio) => total + ratio, 0) / draws;
  return Math.sqrt(ratios.reduce((total, ratio) => total + (ratio - mean) ** 2, 0) / (draws - 1));
}

/** Members who each have a share of their own that is replied to: posts of one member are alike. */
function members(count: number): Pair[] {
  const random = seeded(42);
  return Array.from({ length: count }, (): Pair => {
    const posts = Math.floor(random.exponential(3));
    return [random.binomial(posts, random.uniform()), posts];
  });
}

describe('estimateRatio', () => {
  it('holds its examples, which numpy gives as well', () => {
    const estimate = estimateRatio(
      momentsOf([
        [1, 1],
        [1, 2],
        [3, 3],
        [1, 2],
      ]),
    );
    expect(estimate).toMatchObject({ mean: 0.75, standardError: expect.closeTo(0.3259589433443335, 13) });
    expect(residualSquares({ sumOfSquares: 12, products: 14, denominatorSquares: 18 }, 0.75)).toBe(1.125);
  });

  it("agrees with numpy's delta method on 400 members, but for the share of the largest", () => {
    // numpy: R = 496 / 1228, its delta-method error 0.0199730783, over 1 - √8862 / 1228.
    const sums = { count: 400, sum: 496, sumOfSquares: 1934, denominator: 1228, denominatorSquares: 8862 };
    expect(estimateRatio({ ...sums, products: 3441 })).toMatchObject({
      mean: expect.closeTo(0.40390879478827363, 14),
      standardError: expect.closeTo(0.02163133113329615, 14),
    });
  });

  it('is as wide as a bootstrap of members, and never as narrow as one of posts', () => {
    const pairs = members(500);
    const moments = momentsOf(pairs);
    const estimate = estimateRatio(moments);
    if (estimate.kind !== 'estimated') throw new Error(estimate.kind);
    const bootstrap = bootstrapError(pairs);
    expect(estimate.standardError / bootstrap).toBeGreaterThan(0.97);
    expect(estimate.standardError / bootstrap).toBeLessThan(1.15);
    const ofPosts = Math.sqrt((estimate.mean * (1 - estimate.mean)) / moments.denominator);
    expect(estimate.standardError).toBeGreaterThan(1.3 * ofPosts);
  });

  it('is not made narrower than a bootstrap of members by one of them who has 500 posts', () => {
    const pairs = members(60);
    const before = estimateRatio(momentsOf(pairs));
    const after = estimateRatio(momentsOf([...pairs, [450, 500]]));
    if (before.kind !== 'estimated' || after.kind !== 'estimated') throw new Error('not estimated');
    expect(after.standardError).toBeGreaterThan(before.standardError);
    expect(after.standardError).toBeGreaterThan(bootstrapError([...pairs, [450, 500]]));
  });

  it('says nothing of one visitor, of no denominator, and of a denominator that is all one visitor’s', () => {
    expect(estimateRatio(momentsOf([[1, 2]]))).toMatchObject({ kind: 'insufficient' });
    const nothing: Pair[] = [
      [0, 0],
      [0, 0],
    ];
    expect(estimateRatio(momentsOf(nothing))).toMatchObject({ needed: 'something that could have been' });
    expect(estimateRatio(momentsOf([...nothing, [3, 4]]))).toMatchObject({ needed: 'two visitors' });
  });
});
