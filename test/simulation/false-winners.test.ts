import { afterAll, describe, expect, it } from 'vitest';
import { evidenceOfScore, evidenceThreshold, scoreSums } from '#shared/statistics/evidence.ts';
import { seeded } from '../../local/simulation/random.ts';
import { calibrationTable, type Line, standardError } from '../support/calibration-table.ts';
import { quickBeats } from '../support/quick-posterior.ts';
import { calledAtEnd, calledEarly, simulatedExperiment, TAU } from '../support/simulated-experiment.ts';

const RUNS = 8000;
const VOLUMES = [100, 1000, 20_000];
const PLANNED_ENDS = [20, 30, 60];
const REPORTED = Math.log(evidenceThreshold(0.05, 2));
const DECIDED = Math.log(evidenceThreshold(0.01, 2));

const columns = ['policy', 'evidence 20', 'evidence 100', 'naive rule'];
const lines: Line[] = [];
afterAll(() =>
  console.log(calibrationTable('False winners, either variant, nothing differs, daily looks', columns, lines)),
);

describe('two equal variants, looked at every day', () => {
  it.each([
    { rate: 0.005, seed: 1 },
    { rate: 0.05, seed: 2 },
    { rate: 0.2, seed: 3 },
    { rate: 0.5, seed: 4 },
  ])(
    'have a false winner at a rate of $rate in at most 5 % by the policy, 2 % by the evidence, and over 25 % by P(best)',
    ({ rate, seed }) => {
      const random = seeded(seed);
      for (const daily of VOLUMES) {
        const ends = new Map(PLANNED_ENDS.map((end) => [end, { policy: 0, reported: 0, decided: 0, naive: 0 }]));
        for (let run = 0; run < RUNS; run += 1) {
          const seen = { early: false, reported: false, decided: false, naive: false };
          for (const look of simulatedExperiment(random, { days: 60, daily, control: rate, treatment: rate })) {
            seen.early ||= calledEarly(look) !== 'undecided';
            seen.reported ||= look.logEvidence >= REPORTED;
            seen.decided ||= look.logEvidence >= DECIDED;
            seen.naive ||= Math.abs(quickBeats(look.control, look.treatment) - 0.5) > 0.45;
            const end = ends.get(look.day);
            if (end === undefined) continue;
            if (seen.early || calledAtEnd(look) !== 'undecided') end.policy += 1;
            if (seen.reported) end.reported += 1;
            if (seen.decided) end.decided += 1;
            if (seen.naive) end.naive += 1;
          }
        }
        for (const [end, { policy, reported, decided, naive }] of ends) {
          const what = `A/A ${(rate * 100).toString().padStart(3)} %, ${daily.toString().padStart(5)} a day, ${end} looks`;
          const measured = [policy, reported, decided, naive].map((count) => ({ share: count / RUNS, runs: RUNS }));
          lines.push({ what, measured, promised: 'at most 5, 2, 1 %' });
          // The standard error of 5 % in 8000 runs is 0.24 %, of 2 % 0.16 %, of 1 % 0.11 %; three of them are allowed.
          const atMost = (bound: number) => bound + 3 * standardError(bound, RUNS);
          expect.soft(policy / RUNS, `${what}: policy`).toBeLessThan(atMost(0.05));
          expect.soft(reported / RUNS, `${what}: evidence 20`).toBeLessThan(atMost(0.02));
          expect.soft(decided / RUNS, `${what}: evidence 100`).toBeLessThan(atMost(0.01));
          // With ten goals a variant P(best) still moves in visible jumps, and 20 % is all the naive rule gets wrong.
          if (rate * daily * end >= 15) expect.soft(naive / RUNS, `${what}: naive rule`).toBeGreaterThan(0.25);
        }
      }
    },
  );

  it('stay within 5 % by the policy and 2 % by the evidence on average over all settings', () => {
    const average = (column: number) =>
      lines.reduce((sum, { measured }) => sum + (measured[column]?.share ?? 1), 0) / lines.length;
    expect(lines).toHaveLength(36);
    expect(average(0)).toBeLessThan(0.05);
    expect(average(1)).toBeLessThan(0.02);
  });
});

const tiny: Line[] = [];
afterAll(() => console.log(calibrationTable('False evidence in tiny strata, evidence 20', ['tau 0.1', 'tau 1'], tiny)));

describe('the evidence of tiny strata', () => {
  // The score's Gaussian limit is asked for most here. 5 % is what Ville's inequality promises at evidence 20.
  it.each([
    { name: 'one visitor a day per variant at 50 %', control: 1, treatment: 1, rate: 0.5, looks: 1000 },
    { name: '99:1 weights at a rate of 0.1 %', control: 990, treatment: 10, rate: 0.001, looks: 1000 },
    { name: '9:1 weights at a rate of 1 %', control: 90, treatment: 10, rate: 0.01, looks: 200 },
  ])('is false in at most 5 % of experiments: $name', ({ name, control, treatment, rate, looks }) => {
    const random = seeded(6);
    const runs = 2000;
    const measured = [TAU, 1].map((tau) => {
      let reported = 0;
      for (let run = 0; run < runs; run += 1) {
        let [score, information] = [0, 0];
        for (let look = 0; look < looks; look += 1) {
          const controlSuccesses = random.binomial(control, rate);
          const treatmentSuccesses = random.binomial(treatment, rate);
          const day = { controlTrials: control, controlSuccesses, treatmentTrials: treatment, treatmentSuccesses };
          const sums = scoreSums([day]);
          score += sums.score;
          information += sums.information;
          if (evidenceOfScore(score, information, tau).logEvidence < REPORTED) continue;
          reported += 1;
          break;
        }
      }
      // The standard error of 5 % in 2000 runs is 0.49 %.
      expect(reported / runs, `${name}, tau ${tau}`).toBeLessThan(0.05);
      return { share: reported / runs, runs };
    });
    tiny.push({ what: `${name}, ${looks} looks`, measured, promised: 'at most 5 %' });
  });
});
