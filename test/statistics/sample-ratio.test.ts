import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactSampleRatio } from '#shared/statistics/exact-sample-ratio.ts';
import { SAMPLE_RATIO_EVIDENCE, sampleRatio, sequentialSampleRatio } from '#shared/statistics/sample-ratio.ts';
import { seeded } from '../../local/simulation/random.ts';

describe('exactSampleRatio', () => {
  // scipy 1.17 binomtest, and the sum over scipy's multinomial.pmf.
  it.each([
    { counts: [1, 9], shares: [0.5, 0.5], pValue: 0.021484375 },
    { counts: [3, 17], shares: [0.25, 0.75], pValue: 0.4393741000631053 },
    { counts: [12, 988], shares: [0.004, 0.996], pValue: 0.0008885120248614012 },
    { counts: [0, 25], shares: [0.1, 0.9], pValue: 0.16978341996465005 },
    { counts: [3, 1, 8], shares: [1 / 3, 1 / 3, 1 / 3], pValue: 0.05366729326491536 },
    { counts: [0, 2, 10], shares: [0.2, 0.3, 0.5], pValue: 0.06650542562499992 },
    { counts: [5, 5, 1, 0], shares: [0.25, 0.25, 0.25, 0.25], pValue: 0.04138565063476565 },
  ])('gives $counts a p-value of $pValue', ({ counts, shares, pValue }) => {
    expect(exactSampleRatio(counts, shares)).toBeCloseTo(pValue, 12);
  });

  it('finds nine where four of a hundred million were expected', () => {
    expect(exactSampleRatio([1e8, 9], [1e8 / (1e8 + 4), 4 / (1e8 + 4)])).toBeCloseTo(0.021363438060406, 9);
  });

  it('does not depend on the order of the variants', () => {
    const counts = fc.array(fc.nat(8), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(counts, (observed) => {
        const shares = observed.map(() => 1 / observed.length);
        const turned = [...observed.slice(1), observed[0] ?? 0];
        expect(exactSampleRatio(turned, shares)).toBeCloseTo(exactSampleRatio(observed, shares), 12);
      }),
    );
  });
});

describe('sampleRatio', () => {
  it('asks for visitors, and for two variants with a weight', () => {
    expect(sampleRatio([0, 0], [1, 1])).toEqual({ kind: 'insufficient', needed: 'a visitor' });
    expect(sampleRatio([10, 0], [1, 0])).toEqual({ kind: 'insufficient', needed: 'two variants with a weight' });
  });

  it('leaves variants without a weight out of the degrees of freedom', () => {
    const without = sampleRatio([5000, 5150], [1, 1]);
    expect(sampleRatio([5000, 5150, 0], [1, 1, 0])).toEqual({ ...without, expected: [5075, 5075, 0] });
  });

  it('calls a visitor in a variant without a weight a mismatch by itself', () => {
    expect(sampleRatio([5000, 5000, 1], [1, 1, 0])).toMatchObject({ kind: 'tested', pValue: 0 });
    expect(sequentialSampleRatio([{ observed: [5000, 5000, 1], weights: [1, 1, 0] }]).logEvidence).toBeGreaterThan(700);
  });

  it('is exact below thirty visitors and where a variant expects fewer than five, chi-squared above', () => {
    expect(sampleRatio([12, 17], [1, 1])).toMatchObject({ test: 'exact' });
    expect(sampleRatio([1000, 3], [1000, 4])).toMatchObject({ test: 'exact' });
    expect(sampleRatio([1000, 1000, 3], [1000, 1000, 4])).toMatchObject({ test: 'exact' });
    expect(sampleRatio([15, 15], [1, 1])).toMatchObject({ test: 'chi-squared' });
  });

  it('takes weights in any scale', () => {
    expect(sampleRatio([900, 120], [9, 1])).toEqual(sampleRatio([900, 120], [90, 10]));
  });

  it('gives a probability for any counts', () => {
    const pairs = fc.array(fc.record({ count: fc.nat(1e8), weight: fc.integer({ min: 1, max: 1e6 }) }), {
      minLength: 2,
      maxLength: 10,
    });
    fc.assert(
      fc.property(pairs, (variants) => {
        const ratio = sampleRatio(
          variants.map(({ count }) => count),
          variants.map(({ weight }) => weight),
        );
        if (ratio.kind === 'insufficient') return;
        expect(ratio.pValue).toBeGreaterThanOrEqual(0);
        expect(ratio.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('sequentialSampleRatio', () => {
  it('multiplies over weight epochs, so that a change of weights is no mismatch', () => {
    const before = { observed: [5000, 5010], weights: [1, 1] };
    const after = { observed: [1000, 9050], weights: [1, 9] };
    const both = sequentialSampleRatio([before, after]).logEvidence;
    const apart = sequentialSampleRatio([before]).logEvidence + sequentialSampleRatio([after]).logEvidence;
    expect(both).toBeCloseTo(apart, 12);
    expect(both).toBeLessThan(0);
  });

  it('finds one visitor in ten lost from one of two variants within 10,000 visitors', () => {
    const { logEvidence } = sequentialSampleRatio([{ observed: [5000, 4500], weights: [1, 1] }]);
    expect(logEvidence).toBeGreaterThan(Math.log(SAMPLE_RATIO_EVIDENCE));
  });

  it('alarms by chance in at most one of a thousand experiments, read after every hundred visitors', () => {
    const random = seeded(5);
    const runs = 4000;
    let alarms = 0;
    for (let run = 0; run < runs; run += 1) {
      let treatment = 0;
      for (let look = 1; look <= 100; look += 1) {
        treatment += random.binomial(100, 0.5);
        const observed = [look * 100 - treatment, treatment];
        if (sequentialSampleRatio([{ observed, weights: [1, 1] }]).logEvidence < Math.log(SAMPLE_RATIO_EVIDENCE))
          continue;
        alarms += 1;
        break;
      }
    }
    // Four are expected at most; three standard errors (of two) above that is ten.
    expect(alarms).toBeLessThanOrEqual(10);
  });
});
