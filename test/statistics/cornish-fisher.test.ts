import { describe, expect, it } from 'vitest';
import { betaCumulants } from '#shared/statistics/beta.ts';
import { betaQuantile } from '#shared/statistics/beta-distribution.ts';
import { cornishFisher, cumulantsOfDifference } from '#shared/statistics/cornish-fisher.ts';
import { normalCdf } from '#shared/statistics/jstat.ts';

describe('cornishFisher', () => {
  it('is a straight line for a normal distribution', () => {
    const guess = cornishFisher({ mean: 3, variance: 4, third: 0, fourth: 0 });
    expect([-2, 0, 1].map(guess)).toEqual([-1, 3, 5]);
  });

  it('falls back to the line where skewness would bend it back', () => {
    expect(cornishFisher({ mean: 0, variance: 1, third: 2, fourth: 6 })(2)).toBe(2);
  });

  it('comes within a thousandth of a standard deviation of the ends of a posterior with a hundred conversions', () => {
    const belief = { alpha: 100, beta: 1900 };
    const guess = cornishFisher(betaCumulants(belief));
    const sd = Math.sqrt(betaCumulants(belief).variance);
    for (const z of [-1.96, 0, 1.96]) {
      expect(Math.abs(guess(z) - betaQuantile(belief, normalCdf(z)))).toBeLessThan(1e-3 * sd);
    }
  });

  it('is odd for the difference of two equal beliefs', () => {
    const cumulants = betaCumulants({ alpha: 30, beta: 70 });
    const guess = cornishFisher(cumulantsOfDifference(cumulants, cumulants));
    expect(guess(1.5)).toBeCloseTo(-guess(-1.5), 15);
  });
});

describe('betaCumulants', () => {
  // Sums of exact moments of Beta(7, 23), by mpmath.
  it('are those of the distribution', () => {
    const { mean, variance, third, fourth } = betaCumulants({ alpha: 7, beta: 23 });
    expect(mean).toBeCloseTo(7 / 30, 16);
    expect(variance).toBeCloseTo((7 * 23) / 900 / 31, 17);
    expect(third / 1.923536439665472e-4).toBeCloseTo(1, 13);
    expect(fourth / 3.271704208228662e-6).toBeCloseTo(1, 13);
  });
});
