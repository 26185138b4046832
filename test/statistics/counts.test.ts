import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPosterior, countRatioInterval, probabilityOfHigherCount } from '#shared/statistics/counts.ts';

const gamma = fc.record({
  shape: fc.double({ min: 0.5, max: 1e5, noNaN: true }),
  rate: fc.double({ min: 0.5, max: 1e6, noNaN: true }),
});

describe('countPosterior', () => {
  it('starts from one visitor with the guessed count', () => {
    expect(countPosterior(120, 2400)).toEqual({ shape: 121, rate: 2401 });
    expect(countPosterior(0, 0, { guess: 0.1 })).toEqual({ shape: 1, rate: 10 });
  });

  it('is less sure of counts that scatter more, about the same average', () => {
    const plain = countPosterior(120, 2400);
    const scattered = countPosterior(120, 2400, { dispersion: 4 });
    expect(scattered.shape / scattered.rate).toBeCloseTo(plain.shape / plain.rate, 12);
    expect(scattered.shape).toBeCloseTo(plain.shape / 4, 12);
  });
});

describe('probabilityOfHigherCount', () => {
  it('leaves the rest to the other variant', () => {
    fc.assert(
      fc.property(gamma, gamma, (a, b) => {
        expect(probabilityOfHigherCount(a, b) + probabilityOfHigherCount(b, a)).toBeCloseTo(1, 10);
      }),
    );
  });
});

describe('countRatioInterval', () => {
  it('is exact', () => {
    // scipy 1.17, quantiles of the beta share.
    const { low, high } = countRatioInterval({ shape: 1.5, rate: 10 }, { shape: 4.5, rate: 12 });
    expect(low).toBeCloseTo(0.4923083077042294, 10);
    expect(high).toBeCloseTo(36.18270162943441, 8);
  });

  it('leaves out one exactly when the probability leaves the level', () => {
    fc.assert(
      fc.property(gamma, gamma, (a, b) => {
        const chance = probabilityOfHigherCount(a, b);
        if (Math.abs(chance - 0.975) < 1e-6 || Math.abs(chance - 0.025) < 1e-6) return;
        const { low, high } = countRatioInterval(a, b);
        expect(low > 1 || high < 1).toBe(chance > 0.975 || chance < 0.025);
      }),
    );
  });
});
