import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pursesOf } from '#shared/verdict/purses.ts';

describe('pursesOf', () => {
  it('spends the false-winner rate of a policy and no more, a fifth of it before the planned end', () => {
    expect(pursesOf({ falseWinnerRate: 0.05 })).toEqual({ alphaEarly: 0.01, alphaEnd: 0.04 });
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.999, noNaN: true }), (falseWinnerRate) => {
        const { alphaEarly, alphaEnd } = pursesOf({ falseWinnerRate });
        expect(alphaEarly + alphaEnd).toBeCloseTo(falseWinnerRate, 15);
        expect(alphaEnd / alphaEarly).toBeCloseTo(4, 12);
      }),
    );
  });
});
