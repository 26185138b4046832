import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assurance, daysNeeded, detectableLift, powerOf, visitorsPerVariant } from '#shared/statistics/planning.ts';

const plan = { rate: 0.05, relativeLift: 0.1 };

describe('visitorsPerVariant', () => {
  it('asks for more when the policy may stop early, and most when only evidence decides', () => {
    expect(visitorsPerVariant(plan)).toMatchObject({ perVariant: 31_231 });
    expect(visitorsPerVariant(plan, 'split')).toMatchObject({ perVariant: 33_355 });
    expect(visitorsPerVariant(plan, 'evidence-only')).toMatchObject({ perVariant: 53_093 });
  });

  it('says when there is nothing to find, or no rate to find it at', () => {
    expect(visitorsPerVariant({ rate: 0.05, relativeLift: 0 })).toEqual({
      kind: 'impossible',
      reason: 'no difference to find',
    });
    expect(visitorsPerVariant({ rate: 0.6, relativeLift: 1 })).toEqual({
      kind: 'impossible',
      reason: 'the lifted rate is not a rate',
    });
  });

  it('gives the visitors for which powerOf answers with the power that was asked for', () => {
    const rates = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    const lifts = fc.double({ min: 0.01, max: 0.5, noNaN: true });
    const powers = fc.double({ min: 0.6, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(rates, lifts, powers, (rate, relativeLift, power) => {
        const visitors = visitorsPerVariant({ rate, relativeLift, power });
        if (visitors.kind === 'impossible') return;
        // The other tail, which the formula leaves out, is below 1e-4 at these powers.
        expect(powerOf({ rate, relativeLift }, visitors.unrounded)).toBeCloseTo(power, 3);
      }),
    );
  });

  it('refuses a rate of zero', () => {
    expect(() => visitorsPerVariant({ rate: 0, relativeLift: 0.1 })).toThrow('visitorsPerVariant requires rate');
  });
});

describe('powerOf', () => {
  it('is alpha where there is no difference', () => {
    expect(powerOf({ rate: 0.05, relativeLift: 0, alpha: 0.04 }, 1000)).toBeCloseTo(0.04, 12);
  });
});

describe('assurance', () => {
  it('is the power averaged over the believed effects', () => {
    // scipy 1.17, adaptive quadrature.
    expect(assurance({ rate: 0.05 }, 0.1, 31_231)).toBeCloseTo(0.506093625678522, 10);
    expect(assurance({ rate: 0.2 }, 0.05, 10_000)).toBeCloseTo(0.2608028417832553, 10);
  });
});

describe('daysNeeded', () => {
  it('rounds up to whole weeks and waits for the last window', () => {
    const traffic = { perVariant: 31_231, visitorsPerDay: 5000, share: 0.5, windowDays: 7 };
    expect(daysNeeded(traffic)).toEqual({ exposure: 14, total: 21 });
  });
});

describe('detectableLift', () => {
  it('inverts the plan', () => {
    expect(detectableLift({ rate: 0.05 }, 31_230.69246297502)).toBeCloseTo(0.1, 9);
    expect(detectableLift({ rate: 0.5 }, 1)).toBeNull();
  });
});
