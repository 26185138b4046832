import { describe, expect, it } from 'vitest';
import { logBeta, logGamma, logGammaRatio } from '#shared/statistics/log-gamma.ts';
import { stirlingError } from '#shared/statistics/stirling.ts';
import { relativeError } from '../support/worst-error.ts';

// mpmath at 40 digits.
describe('stirlingError', () => {
  it.each([
    [0.25, 0.27251040121343206],
    [0.5, 0.15342640972002736],
    [1, 0.08106146679532726],
    [3.5, 0.023746163656297496],
    [15.75, 0.00529029512998813],
    [16, 0.0052076559196096404],
    [1000, 8.333333055555635e-5],
    [1e8, 8.333333333333334e-10],
  ])('is right at %d', (z, expected) => {
    expect(Math.abs(stirlingError(z) - expected)).toBeLessThan(2e-15);
  });
});

describe('logGamma', () => {
  it.each([
    [0.01, 4.599479878042022],
    [0.5, 0.5723649429247001],
    [3.3, 0.9870985778947345],
    [100, 359.1342053695754],
    [1e8, 1742068066.1038346],
  ])('is right at %d', (z, expected) => {
    expect(Math.abs(relativeError(logGamma(z), expected))).toBeLessThan(1e-14);
  });

  it('vanishes at one and two to the last digit of one', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14);
    expect(logGamma(2)).toBeCloseTo(0, 14);
  });

  it('refuses zero', () => {
    expect(() => logGamma(0)).toThrow('logGamma requires positive finite arguments, got 0');
  });
});

describe('logGammaRatio', () => {
  it.each([
    [5, 3, 5.3471075307174685],
    [0.3, 1000, 5906.196846791062],
    [3, -2.5, -0.12078223763524522],
    [1e8, 2.5, 46.051701878630915],
    [1e12, 7, 193.41714781152083],
  ])('is right at %d shifted by %d', (z, shift, expected) => {
    expect(Math.abs(relativeError(logGammaRatio(z, shift), expected))).toBeLessThan(1e-14);
  });
});

describe('logBeta', () => {
  it.each([
    [0.5, 0.5, 1.1447298858494002],
    [2, 3, -2.4849066497880004],
    [0.01, 1e8, 4.415273070651998],
    [30001, 970001, -134749.92550328455],
    [5e7, 5e7, -69314725.65424919],
  ])('is right at (%d, %d)', (a, b, expected) => {
    expect(Math.abs(relativeError(logBeta(a, b), expected))).toBeLessThan(1e-14);
    expect(logBeta(b, a)).toBeCloseTo(logBeta(a, b), 7);
  });
});
