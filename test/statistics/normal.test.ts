import { describe, expect, it } from 'vitest';
import { compareNormals, normalInterval, probabilityAboveZero, weightedSum } from '#shared/statistics/normal.ts';
import { novelty } from '#shared/statistics/novelty.ts';

describe('the examples of', () => {
  it('normalInterval, probabilityAboveZero and weightedSum hold', () => {
    expect(normalInterval({ mean: 10, standardError: 1 })).toEqual({
      low: expect.closeTo(8.040036015459947, 12),
      high: expect.closeTo(11.959963984540053, 12),
    });
    expect(probabilityAboveZero({ mean: 1.959963984540054, standardError: 1 })).toBeCloseTo(0.975, 13);
    const halves = [
      { share: 0.5, belief: { mean: 2, standardError: 3 } },
      { share: 0.5, belief: { mean: 4, standardError: 4 } },
    ];
    expect(weightedSum(halves)).toEqual({ mean: 3, standardError: 2.5 });
  });

  it('novelty holds', () => {
    const control = { count: 4, sum: 2, sumOfSquares: 6 };
    expect(novelty(control, { count: 4, sum: 6, sumOfSquares: 14 }, 2)).toMatchObject({ change: 1 });
    expect(novelty(control, { count: 1, sum: 1, sumOfSquares: 1 }, 2)).toBeUndefined();
    expect(novelty(control, control, 1)).toBeUndefined();
  });
});

describe('compareNormals', () => {
  it('turns round when the variants do', () => {
    const [a, b] = [
      { mean: 10, standardError: 1.2 },
      { mean: 11, standardError: 1.5 },
    ];
    const [there, back] = [compareNormals(a, b), compareNormals(b, a)];
    expect(there.difference).toBe(-back.difference);
    expect(there.beatsControl + back.beatsControl).toBeCloseTo(1, 14);
    expect((there.ratio?.estimate ?? 0) * (back.ratio?.estimate ?? 0)).toBeCloseTo(1, 14);
    // The same set of ratios, read from the other side.
    expect((there.ratio?.interval.low ?? 0) * (back.ratio?.interval.high ?? 0)).toBeCloseTo(1, 12);
  });
});
