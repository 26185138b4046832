import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreSums } from '#shared/statistics/evidence.ts';
import { type HarmStratum, harmEvidence } from '#shared/statistics/harm-evidence.ts';
import { normalCdf } from '#shared/statistics/jstat.ts';
import type { RatioMoments } from '#shared/statistics/ratio.ts';

/** A mean: every visitor is their own denominator. */
const mean = (count: number, sum: number, sumOfSquares: number): RatioMoments => ({
  count,
  sum,
  sumOfSquares,
  denominator: count,
  denominatorSquares: count,
  products: sum,
});
const STRATA: readonly HarmStratum[] = [
  { control: mean(100, 130, 400), treatment: mean(100, 100, 290) },
  { control: mean(50, 70, 260), treatment: mean(150, 170, 520) },
];
const rates = (trials: number, successes: number) => mean(trials, successes, successes);

describe('harmEvidence', () => {
  it('is the mixture that scipy integrates numerically', () => {
    const more = harmEvidence(STRATA, { margin: 0.1, effect: 0.3 });
    expect(more.logEvidence).toBeCloseTo(0.00313041134993869, 10);
    expect(more.probability).toBeCloseTo(0.8323161881285129, 12);
    const less = harmEvidence(STRATA, { margin: 0.1, effect: 0.3, less: true });
    expect(less.logEvidence).toBeCloseTo(-1.9280598376600582, 10);
    expect(less.probability).toBeCloseTo(0.010446905443657131, 12);
    const none = harmEvidence(STRATA, { margin: 0, effect: 0.3 });
    expect(none.logEvidence).toBeCloseTo(0.9494963550519774, 10);
    expect(none.probability).toBeCloseTo(0.954377015834053, 12);
  });

  it('holds its example', () => {
    expect(harmEvidence(STRATA.slice(0, 1), { margin: 0.1, effect: 0.3 }).probability).toBeCloseTo(0.807, 3);
  });

  it('has the score and the information of the goal’s evidence where visitors are ones and zeros', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 5, max: 400 }), fc.integer({ min: 5, max: 400 }), fc.nat(5), fc.nat(5)), {
          minLength: 1,
          maxLength: 5,
        }),
        (days) => {
          const strata = days.map(([a, b, x, y]) => ({ control: rates(a, x), treatment: rates(b, y) }));
          const { score, information } = scoreSums(
            days.map(([a, b, x, y]) => ({
              controlTrials: a,
              controlSuccesses: x,
              treatmentTrials: b,
              treatmentSuccesses: y,
            })),
          );
          fc.pre(information > 0);
          const { probability } = harmEvidence(strata, { margin: 0, effect: 0.3 });
          // V is never less than the permutation's, so harm is never surer than by it.
          const permuted = normalCdf(-score / Math.sqrt(information));
          expect(Math.abs(probability - 0.5)).toBeLessThanOrEqual(Math.abs(permuted - 0.5) + 1e-12);
          expect(Math.sign(probability - 0.5)).toBe(Math.sign(permuted - 0.5));
        },
      ),
    );
  });

  it('tolerates what the margin tolerates, in either direction', () => {
    const low = [{ control: rates(40_000, 4000), treatment: rates(40_000, 3600) }];
    expect(harmEvidence(low, { margin: 0.02, effect: 0.3 }).probability).toBeGreaterThan(0.99);
    expect(harmEvidence(low, { margin: 0.1, effect: 0.3 }).probability).toBeCloseTo(0.5, 6);
    const high = [{ control: rates(40_000, 4000), treatment: rates(40_000, 4400) }];
    expect(harmEvidence(high, { margin: 0, effect: 0.3, less: true }).probability).toBeGreaterThan(0.99);
    expect(harmEvidence(high, { margin: 0.1, effect: 0.3, less: true }).probability).toBeCloseTo(0.5, 6);
  });

  it('is fooled neither by a day on which everyone buys nor by weights that changed with it', () => {
    // Both days the treatment is exactly as good as the control; added up, the control looks three times as good.
    const strata = [
      { control: rates(1000, 20), treatment: rates(9000, 180) },
      { control: rates(9000, 900), treatment: rates(1000, 100) },
    ];
    const { ratio, probability } = harmEvidence(strata, { margin: 0, effect: 0.3 });
    expect(ratio).toBeCloseTo(1, 12);
    expect(probability).toBeCloseTo(0.5, 6);
  });

  it('does not take one talkative member for many', () => {
    // Everyone has two posts, and half are replied to; in the control one member has 500 more, all of them replied to.
    const pairs = (members: number): RatioMoments => ({
      count: members,
      sum: members,
      sumOfSquares: members,
      denominator: 2 * members,
      denominatorSquares: 4 * members,
      products: 2 * members,
    });
    const treatment = pairs(100);
    const usual = pairs(100);
    const control = {
      count: 101,
      sum: usual.sum + 500,
      sumOfSquares: usual.sumOfSquares + 500 ** 2,
      denominator: usual.denominator + 500,
      denominatorSquares: usual.denominatorSquares + 500 ** 2,
      products: usual.products + 500 ** 2,
    };
    const { probability, logEvidence } = harmEvidence([{ control, treatment }], { margin: 0, effect: 0.3 });
    expect(probability).toBeLessThan(0.95);
    expect(logEvidence).toBeLessThan(Math.log(20));
  });

  it('is a number whatever the sums, and knows nothing without anything', () => {
    expect(harmEvidence([], { margin: 0, effect: 0.3 })).toEqual({ ratio: null, probability: 0.5, logEvidence: 0 });
    const apart = [{ control: rates(1_000_000, 1), treatment: rates(1_000_000, 999_999) }];
    for (const less of [true, false]) {
      const { logEvidence, probability } = harmEvidence(apart, { margin: 0, effect: 0.3, less });
      expect(Number.isFinite(logEvidence)).toBe(true);
      expect(probability).toBe(less ? 1 : 0);
    }
  });
});
