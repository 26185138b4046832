import { describe, expect, it } from 'vitest';
import { harmEvidence } from '#shared/statistics/harm-evidence.ts';
import { compareMeans, estimateMean } from '#shared/statistics/mean.ts';
import { novelty } from '#shared/statistics/novelty.ts';
import { estimateRatio } from '#shared/statistics/ratio.ts';
import references from '../fixtures/reference/metrics.json' with { type: 'json' };
import { relativeError } from '../support/worst-error.ts';

/** numpy works from the visitors, the code from their sums: ten digits are what the subtraction of sums leaves. */
const near = (actual: number | null | undefined, expected: number | undefined, allowed = 1e-10) =>
  expect(Math.abs(relativeError(actual ?? Number.NaN, expected ?? Number.NaN))).toBeLessThan(allowed);

describe('numpy and scipy, from the single visitors, agree with', () => {
  it.each(references.means)('the means and their ratio: $name', (of) => {
    for (const [i, sums] of [of.control, of.treatment].entries()) {
      const estimate = estimateMean(sums);
      if (estimate.kind !== 'estimated') throw new Error(estimate.kind);
      near(estimate.mean, of.means[i]);
      near(estimate.standardError, of.standardErrors[i]);
      near(estimate.skewness, of.skewness[i], 1e-9);
    }
    const comparison = compareMeans(of.control, of.treatment);
    if (comparison.kind !== 'compared') throw new Error(comparison.kind);
    near(comparison.beatsControl, of.beatsControl);
    near(comparison.ratio?.estimate, of.ratio);
    near(comparison.ratio?.interval.low, of.ratioInterval[0]);
    near(comparison.ratio?.interval.high, of.ratioInterval[1]);
  });

  it.each(references.ratios)('the ratio of $name', ({ sums, ratio, standardError }) => {
    const estimate = estimateRatio(sums);
    if (estimate.kind !== 'estimated') throw new Error(estimate.kind);
    near(estimate.mean, ratio);
    near(estimate.standardError, standardError);
  });

  it.each(references.harms)('the evidence of a guardrail, whose mixture scipy integrates: $name', (of) => {
    const harm = harmEvidence(of.strata, { margin: of.margin, effect: 0.3, less: of.less });
    near(harm.probability, of.probability, 1e-9);
    expect(harm.logEvidence).toBeCloseTo(of.logEvidence, 8);
  });

  it.each(references.novelties)('the contrast of weeks of an effect that $name', (of) => {
    const found = novelty(of.control, of.treatment, of.weeks);
    near(found?.change, of.change);
    near(found?.interval.low, of.interval[0], 1e-9);
    near(found?.interval.high, of.interval[1], 1e-9);
    near(found?.probabilityFades, of.probabilityFades, 1e-9);
  });
});
