import { describe, expect, it } from 'vitest';
import { digamma, trigamma } from '#shared/statistics/digamma.ts';
import { relativeError } from '../support/worst-error.ts';

// mpmath at 40 digits, the nearest doubles.
const values = [
  [0.001, -1000.5755719318103, 1000001.6425331958],
  [0.1, -10.423754940411076, 101.43329915079275],
  [0.5, -1.9635100260214235, 4.934802200544679],
  [1, -0.5772156649015329, 1.6449340668482264],
  [3.7, 1.1671535393615113, 0.3100378576700383],
  [11.9, 2.4339335368825377, 0.08766320119000419],
  [100, 4.600161852738087, 0.010050166663333571],
  [1e8, 18.420680738952367, 1.000000005e-8],
] as const;

describe.each(values)('at %d', (z, psi, psi1) => {
  it(`digamma is ${psi}`, () => {
    expect(Math.abs(relativeError(digamma(z), psi))).toBeLessThan(2e-15);
  });

  it(`trigamma is ${psi1}`, () => {
    expect(Math.abs(relativeError(trigamma(z), psi1))).toBeLessThan(1e-15);
  });
});

describe('digamma', () => {
  it('has no value at zero', () => {
    expect(() => digamma(0)).toThrow('digamma requires a positive finite argument, got 0');
  });
});
