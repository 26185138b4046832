import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionalEvidence } from '#shared/statistics/conditional-evidence.ts';
import { decideAtEnd, decideEarly } from '#shared/statistics/decision-rule.ts';
import { evidenceOfScore, evidenceThreshold, type Stratum, scoreEvidence } from '#shared/statistics/evidence.ts';
import { exactEvidence } from '#shared/statistics/exact-evidence.ts';

const strata = fc.array(
  fc
    .tuple(
      fc.nat(200),
      fc.nat(200),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(
      ([controlTrials, treatmentTrials, a, b]): Stratum => ({
        controlTrials,
        controlSuccesses: Math.round(controlTrials * a),
        treatmentTrials,
        treatmentSuccesses: Math.round(treatmentTrials * b),
      }),
    ),
  { maxLength: 8 },
);
const swapped = (stratum: Stratum): Stratum => ({
  controlTrials: stratum.treatmentTrials,
  controlSuccesses: stratum.treatmentSuccesses,
  treatmentTrials: stratum.controlTrials,
  treatmentSuccesses: stratum.controlSuccesses,
});
const aDay: Stratum = { controlTrials: 1000, controlSuccesses: 52, treatmentTrials: 1000, treatmentSuccesses: 61 };

describe('scoreEvidence', () => {
  it('knows nothing before the first stratum', () => {
    expect(scoreEvidence([], 0.1)).toEqual({
      logEvidence: 0,
      pValue: 1,
      logOddsRatio: null,
      interval: null,
      score: 0,
      information: 0,
    });
  });

  it('learns nothing from strata in which nobody converts, everybody does, or one variant is absent', () => {
    const mute: Stratum[] = [
      { ...aDay, controlSuccesses: 0, treatmentSuccesses: 0 },
      { ...aDay, controlSuccesses: 1000, treatmentSuccesses: 1000 },
      { ...aDay, controlTrials: 0, controlSuccesses: 0 },
      { controlTrials: 1, controlSuccesses: 1, treatmentTrials: 0, treatmentSuccesses: 0 },
    ];
    expect(scoreEvidence([aDay, ...mute], 0.1)).toEqual(scoreEvidence([aDay], 0.1));
  });

  it('says the same of a difference in either direction', () => {
    fc.assert(
      fc.property(strata, (days) => {
        const there = scoreEvidence(days, 0.1);
        const back = scoreEvidence(days.map(swapped), 0.1);
        expect(back.logEvidence).toBeCloseTo(there.logEvidence, 10);
        expect(back.score).toBeCloseTo(-there.score, 10);
      }),
    );
  });

  it('has an interval that leaves out zero exactly when the evidence reaches 1 / (1 - level)', () => {
    fc.assert(
      fc.property(strata, fc.double({ min: 0.05, max: 1, noNaN: true }), (days, tau) => {
        const { logEvidence, interval } = scoreEvidence(days, tau);
        if (interval === null || Math.abs(logEvidence - Math.log(20)) < 1e-9) return;
        expect(interval.low > 0 || interval.high < 0).toBe(logEvidence > Math.log(20));
      }),
    );
  });

  it('refuses a tau of zero', () => {
    expect(() => evidenceOfScore(1, 1, 0)).toThrow('scoreEvidence requires a positive tau, got 0');
  });
});

describe('exactEvidence', () => {
  it('agrees with the closed form within two percent once strata hold some tens of conversions', () => {
    const days = Array.from({ length: 10 }, (_, i): Stratum => ({ ...aDay, treatmentSuccesses: 50 + i * 2 }));
    const exact = exactEvidence(days, 0.1).logEvidence;
    expect(Math.abs(scoreEvidence(days, 0.1).logEvidence / exact - 1)).toBeLessThan(0.02);
  });

  it('is an e-value: its average over the hypergeometric distribution is one', () => {
    // Margins 6 + 7 visitors with 5 conversions: every table, weighted by its probability.
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    let average = 0;
    for (let s = 0; s <= 5; s += 1) {
      const table: Stratum = { controlTrials: 6, controlSuccesses: 5 - s, treatmentTrials: 7, treatmentSuccesses: s };
      average +=
        ((choose(7, s) * choose(6, 5 - s)) / choose(13, 5)) * Math.exp(exactEvidence([table], 0.8).logEvidence);
    }
    expect(average).toBeCloseTo(1, 12);
  });
});

describe('conditionalEvidence', () => {
  it('puts the observed ratio inside its interval', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.nat(5000),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (control, treatment, treatmentShare) => {
          const { rateRatio } = conditionalEvidence({ control, treatment }, { treatmentShare });
          if (rateRatio === null) return expect(control + treatment).toBe(0);
          const observed = (treatment * (1 - treatmentShare)) / (control * treatmentShare);
          expect(rateRatio.low).toBeLessThanOrEqual(observed);
          expect(rateRatio.high).toBeGreaterThanOrEqual(observed);
        },
      ),
    );
  });
});

describe('evidenceThreshold', () => {
  it('shares alpha out over the comparisons with the control', () => {
    expect(evidenceThreshold(0.01, 2)).toBe(100);
    expect(evidenceThreshold(0.05, 4)).toBeCloseTo(60, 12);
  });
});

describe('decideEarly', () => {
  it('asks for evidence and for the posterior', () => {
    expect(decideEarly({ logEvidence: Math.log(120), best: 0.99, variants: 2 })).toBe(true);
    expect(decideEarly({ logEvidence: Math.log(120), best: 0.94, variants: 2 })).toBe(false);
    expect(decideEarly({ logEvidence: Math.log(99), best: 0.99, variants: 2 })).toBe(false);
    expect(decideEarly({ logEvidence: Math.log(120), best: 0.99, variants: 3 })).toBe(false);
  });
});

describe('decideAtEnd', () => {
  it.each([
    { beats: 0.985, claims: 1, says: 'ahead' },
    { beats: 0.975, claims: 1, says: 'undecided' },
    { beats: 0.015, claims: 1, says: 'behind' },
    { beats: 0.985, claims: 2, says: 'undecided' },
  ])('says $says at $beats with $claims claims', ({ beats, claims, says }) => {
    expect(decideAtEnd({ beats, claims })).toBe(says);
  });
});
