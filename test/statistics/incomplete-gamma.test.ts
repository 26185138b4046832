import { describe, expect, it } from 'vitest';
import { chiSquaredSurvival, upperGamma } from '#shared/statistics/incomplete-gamma.ts';
import { relativeError } from '../support/worst-error.ts';

// mpmath at 40 digits.
describe('chiSquaredSurvival', () => {
  it.each([
    [3.841458820694124, 1, 0.05000000000000006],
    [0.01, 1, 0.920344325445942],
    [22.774368841894365, 1, 1.8217928726191824e-6],
    [100, 9, 1.5735176303753944e-17],
    [900, 1000, 0.9892827619087102],
    [1100, 1000, 0.014614408126295195],
    [1300, 1, 1.1303728441492743e-284],
  ])('is right above %d with %d degrees of freedom', (x, df, expected) => {
    expect(Math.abs(relativeError(chiSquaredSurvival(x, df), expected))).toBeLessThan(1e-13);
  });

  it('is an exponential with two degrees of freedom', () => {
    for (const x of [0, 0.1, 3, 50, 1400]) expect(chiSquaredSurvival(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 13);
  });
});

describe('upperGamma', () => {
  it('runs from one to zero and gives its example', () => {
    expect(upperGamma(2.5, 0)).toBe(1);
    expect(upperGamma(2.5, Infinity)).toBe(0);
    expect(upperGamma(1, 2)).toBeCloseTo(Math.exp(-2), 15);
  });

  it('changes from series to fraction without a step', () => {
    for (const a of [0.5, 1, 20, 1e4]) {
      const [below, above] = [upperGamma(a, (a + 1) * (1 - 1e-15)), upperGamma(a, a + 1)];
      expect(above / below).toBeCloseTo(1, 12);
    }
  });

  it('refuses a shape or a point outside its domain', () => {
    expect(() => upperGamma(0, 1)).toThrow('upperGamma requires a positive finite shape, got 0');
    expect(() => upperGamma(1, -1)).toThrow('upperGamma requires a point at or above zero, got -1');
  });
});
