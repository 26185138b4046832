import { afterAll, describe, expect, it } from 'vitest';
import { posterior } from '#shared/statistics/beta.ts';
import { compareRates } from '#shared/statistics/comparison.ts';
import { logistic, logit } from '#shared/statistics/logit.ts';
import { compareSceptically } from '#shared/statistics/sceptical.ts';
import { seeded } from '../../local/simulation/random.ts';
import { standardError } from '../support/calibration-table.ts';
import { type Counts, quickBeats, quickDifference } from '../support/quick-posterior.ts';

const lines: string[] = [];
afterAll(() =>
  console.log(
    ['Calibration of "B is better" when stopped at P(B beats A) > 0.95, looked at daily', ...lines].join('\n'),
  ),
);

/** Experiments whose true effect is N(0, sd²) in log odds, stopped at the first day on which the prior's P exceeds 0.95. */
function stopped({ sd, tau, runs, seed }: { sd: number; tau: number; runs: number; seed: number }) {
  const random = seeded(seed);
  const daily = 2000;
  const sums = { declared: 0, claimed: 0, right: 0, claimedEffect: 0, trueEffect: 0 };
  for (let run = 0; run < runs; run += 1) {
    const effect = sd * random.normal();
    const treatmentRate = logistic(logit(0.05) + effect);
    let [a, b] = [0, 0];
    for (let day = 1; day <= 30; day += 1) {
      a += random.binomial(daily, 0.05);
      b += random.binomial(daily, treatmentRate);
      const [control, treatment]: Counts[] = [
        [a, day * daily],
        [b, day * daily],
      ];
      if (control === undefined || treatment === undefined) continue;
      const claimed = quickBeats(control, treatment, tau);
      if (claimed <= 0.95) continue;
      const { mean, variance } = quickDifference(control, treatment);
      sums.declared += 1;
      sums.claimed += claimed;
      sums.right += effect > 0 ? 1 : 0;
      sums.claimedEffect += mean / (1 + variance / tau ** 2);
      sums.trueEffect += effect;
      break;
    }
  }
  const { declared } = sums;
  const actual = sums.right / declared;
  return {
    declared: declared / runs,
    claimed: sums.claimed / declared,
    actual,
    error: standardError(actual, declared),
    exaggeration: sums.claimedEffect / sums.trueEffect,
  };
}

function noted(sd: number, prior: string, result: ReturnType<typeof stopped>) {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(7);
  lines.push(
    `  true effects sd ${sd.toFixed(2)}, ${prior.padEnd(7)} declared ${percent(result.declared)}, claimed ${percent(result.claimed)}, ` +
      `right ${percent(result.actual)} ± ${(result.error * 100).toFixed(2)}, effect claimed / true ${result.exaggeration.toFixed(1)}`,
  );
  return result;
}

describe('the posterior at the moment it was stopped for', () => {
  it.each([
    { sd: 0.02, runs: 40_000, overclaims: 0.15 },
    { sd: 0.05, runs: 8000, overclaims: 0.06 },
    { sd: 0.1, runs: 8000, overclaims: 0.02 },
  ])(
    'claims what happens if its prior is the true distribution of effects, sd $sd, and too much if it is flat',
    ({ sd, runs, overclaims }) => {
      const matched = noted(sd, 'matched', stopped({ sd, tau: sd, runs, seed: 21 }));
      const flat = noted(sd, 'flat', stopped({ sd, tau: Infinity, runs: 8000, seed: 22 }));
      // The standard error of the matched prior's share is 0.6 % or less.
      expect(Math.abs(matched.claimed - matched.actual)).toBeLessThan(0.02);
      expect(Math.abs(matched.exaggeration - 1)).toBeLessThan(0.15);
      expect(flat.claimed - flat.actual).toBeGreaterThan(overclaims);
      expect(flat.exaggeration).toBeGreaterThan(1.5);
    },
  );
});

describe('quickBeats, which the simulations use', () => {
  const cases: readonly [Counts, Counts][] = [
    [
      [20, 4000],
      [30, 4000],
    ],
    [
      [100, 2000],
      [120, 2000],
    ],
    [
      [1500, 30_000],
      [1600, 30_000],
    ],
    [
      [10_000, 20_000],
      [10_100, 20_000],
    ],
    [
      [50, 100],
      [60, 100],
    ],
  ];

  it.each(cases)('is within 0.002 of the quadrature for %j against %j', (control, treatment) => {
    const exact = compareRates([posterior(...control), posterior(...treatment)]).beatsControl[1] ?? -1;
    expect(Math.abs(quickBeats(control, treatment) - exact)).toBeLessThan(0.002);
  });

  it.each(cases)('is within 0.005 of the exact sceptical posterior for %j against %j', (control, treatment) => {
    const exact = compareSceptically(posterior(...control), posterior(...treatment), 0.1).beatsControl;
    expect(Math.abs(quickBeats(control, treatment, 0.1) - exact)).toBeLessThan(0.005);
  });
});
