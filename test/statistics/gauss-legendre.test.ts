import { describe, expect, it } from 'vitest';
import { NODES, nodes, runUp, weights } from '#shared/statistics/gauss-legendre.ts';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('the sixteen nodes', () => {
  it('integrate every power up to 31 exactly', () => {
    for (let power = 0; power < 2 * NODES; power += 1) {
      const exact = power % 2 === 0 ? 2 / (power + 1) : 0;
      expect(sum(nodes.map((x, m) => (weights[m] ?? Number.NaN) * x ** power))).toBeCloseTo(exact, 14);
    }
  });

  it('integrate a normal bell four standard deviations wide to the last digit', () => {
    const exact = 0.9544997361036416 * Math.sqrt(2 * Math.PI);
    expect(sum(nodes.map((x, m) => 2 * (weights[m] ?? Number.NaN) * Math.exp(-2 * x * x)))).toBeCloseTo(exact, 14);
  });
});

describe('runUp', () => {
  it('runs an exponential up from both ends, each small part a sum of its own', () => {
    const values = nodes.map((x) => Math.exp(3 * x));
    const below = new Float64Array(NODES);
    const above = new Float64Array(NODES);
    const whole = runUp(values, below, above, 0, 1);
    expect(whole).toBeCloseTo((Math.exp(3) - Math.exp(-3)) / 3, 13);
    for (const [i, x] of nodes.entries()) {
      expect(below[i]).toBeCloseTo((Math.exp(3 * x) - Math.exp(-3)) / 3, 11);
      expect(above[i]).toBeCloseTo((Math.exp(3) - Math.exp(3 * x)) / 3, 11);
      expect((below[i] ?? 0) + (above[i] ?? 0)).toBeCloseTo(whole, 13);
    }
  });

  it('works on its own panel of a longer array and scales with the width', () => {
    const values = new Float64Array(3 * NODES).fill(1);
    const [below, above] = [new Float64Array(3 * NODES), new Float64Array(3 * NODES)];
    expect(runUp(values, below, above, NODES, 0.25)).toBeCloseTo(0.5, 15);
    expect(sum(below.slice(0, NODES)) + sum(above.slice(2 * NODES))).toBe(0);
    expect(below[NODES + 15]).toBeCloseTo(0.25 * (1 + (nodes[15] ?? 0)), 15);
  });
});
