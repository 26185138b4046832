import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMean, posterior } from '#shared/statistics/beta.ts';
import { relativeLoss } from '#shared/statistics/relative-loss.ts';

const trials = fc.integer({ min: 0, max: 1e6 });
const share = fc.oneof(fc.constantFrom(0, 1, 1e-6), fc.double({ min: 0, max: 1, noNaN: true }));
const arm = fc.tuple(trials, share).map(([n, rate]) => posterior(Math.round(n * rate), n));

describe('relativeLoss', () => {
  it('gives its example', () => {
    const { choosingControl, choosingTreatment } = relativeLoss({ alpha: 1, beta: 11 }, { alpha: 2, beta: 12 });
    expect(choosingControl).toBeNull();
    expect(choosingTreatment).toBeCloseTo(0.1273491673850788, 14);
  });

  it('has no number for choosing a control without conversions, and one for every other', () => {
    fc.assert(
      fc.property(arm, arm, (control, treatment) => {
        const { choosingControl, choosingTreatment } = relativeLoss(control, treatment);
        expect(choosingControl === null).toBe(control.alpha <= 1);
        expect(choosingControl ?? 0).toBeGreaterThanOrEqual(0);
        expect(choosingTreatment).toBeGreaterThanOrEqual(0);
        expect(choosingTreatment).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('lets the two losses differ by the mean relative uplift', () => {
    fc.assert(
      fc.property(arm, arm, (control, treatment) => {
        fc.pre(control.alpha > 1);
        const { choosingControl, choosingTreatment } = relativeLoss(control, treatment);
        const perRate = (control.alpha + control.beta - 1) / (control.alpha - 1);
        const mean = betaMean(treatment) * perRate - 1;
        const gap = (choosingControl ?? Number.NaN) - (choosingTreatment ?? Number.NaN);
        expect(Math.abs(gap - mean)).toBeLessThan(1e-13 * (1 + Math.abs(mean)));
      }),
    );
  });

  it('runs on smoothly where the control passes from one kind of prior to the other', () => {
    const treatment = posterior(3, 50);
    const [just, none] = [1 + 1e-9, 1].map(
      (alpha) => relativeLoss({ alpha, beta: 51 }, treatment).choosingTreatment ?? 9,
    );
    expect((just ?? 8) / (none ?? 9)).toBeCloseTo(1, 7);
  });
});
