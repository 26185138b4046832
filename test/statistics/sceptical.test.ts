import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMean, posterior } from '#shared/statistics/beta.ts';
import { compareRates } from '#shared/statistics/comparison.ts';
import { compareSceptically } from '#shared/statistics/sceptical.ts';

const arm = fc
  .tuple(fc.integer({ min: 0, max: 200_000 }), fc.constantFrom(0, 0.001, 0.04, 0.05, 0.5, 0.96, 1))
  .map(([trials, rate]) => posterior(Math.round(trials * rate), trials));
const scale = fc.constantFrom(0.05, 0.1, 0.3, 1);

describe('compareSceptically', () => {
  it('gives its example', () => {
    const { beatsControl } = compareSceptically({ alpha: 121, beta: 2281 }, { alpha: 157, beta: 2235 }, 0.1);
    expect(beatsControl).toBeCloseTo(0.9225282168807517, 12);
  });

  it('mirrors when the arms change places', () => {
    fc.assert(
      fc.property(arm, arm, scale, (a, b, tau) => {
        const [there, back] = [compareSceptically(a, b, tau), compareSceptically(b, a, tau)];
        expect(there.beatsControl + back.beatsControl).toBeCloseTo(1, 12);
        expect(there.meanControl).toBeCloseTo(back.meanTreatment, 12);
        expect(there.lossOfControl).toBeCloseTo(back.lossOfTreatment, 13);
        expect(there.meanLogOdds).toBeCloseTo(-back.meanLogOdds, 11);
      }),
      { numRuns: 40 },
    );
  });

  it('lets the two losses differ by the two means', () => {
    fc.assert(
      fc.property(arm, arm, scale, (a, b, tau) => {
        const { lossOfControl, lossOfTreatment, meanControl, meanTreatment } = compareSceptically(a, b, tau);
        expect(lossOfControl - lossOfTreatment).toBeCloseTo(meanTreatment - meanControl, 14);
        expect(Math.min(lossOfControl, lossOfTreatment)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });

  it('becomes the independent comparison as the prior widens', () => {
    const [a, b] = [posterior(120, 2400), posterior(156, 2390)];
    const wide = compareSceptically(a, b, 1e6);
    const { best, expectedLoss } = compareRates([a, b]);
    expect(wide.beatsControl / (best[1] ?? 9)).toBeCloseTo(1, 11);
    expect(wide.lossOfControl / (expectedLoss[0] ?? 9)).toBeCloseTo(1, 11);
    expect(wide.lossOfTreatment / (expectedLoss[1] ?? 9)).toBeCloseTo(1, 11);
    expect(wide.meanControl).toBeCloseTo(betaMean(a), 13);
  });

  it('pulls a doubtful winner back, the more the narrower the prior, and leaves a clear one alone', () => {
    const claims = (n: number) =>
      [0.02, 0.1, 0.3, 1].map(
        (tau) => compareSceptically(posterior(0.05 * n, n), posterior(0.06 * n, n), tau).beatsControl,
      );
    const doubtful = claims(3_000);
    expect(doubtful).toEqual([...doubtful].sort((x, y) => x - y));
    expect(doubtful[0]).toBeLessThan(0.7);
    expect(Math.min(...claims(1e6))).toBeGreaterThan(0.999999);
  });

  it('answers in numbers where prior and data disagree by a billion nats', () => {
    const verdict = compareSceptically(posterior(1e8, 1e8), posterior(0, 1e8), 0.1);
    expect(Object.values(verdict).every(Number.isFinite)).toBe(true);
    expect(verdict.beatsControl).toBe(0);
  });

  it('keeps the tail of a hopeless treatment', () => {
    const { beatsControl, lossOfControl } = compareSceptically(posterior(3_000, 20_000), posterior(2_000, 20_000), 0.3);
    expect(beatsControl).toBeGreaterThan(1e-60);
    expect(beatsControl).toBeLessThan(1e-40);
    expect(lossOfControl).toBeLessThan(beatsControl);
  });

  it('refuses a prior without width', () => {
    expect(() => compareSceptically(posterior(0, 0), posterior(0, 0), 0)).toThrow(
      'compareSceptically requires a positive finite scale, got 0',
    );
  });
});
