import * as z from 'zod/mini';
import type { Allocation } from '#shared/experiment/allocation.ts';
import { Definition } from '#shared/experiment/definition.ts';
import { type CalibrationPlan, calibrate } from '../local/simulation/calibration.ts';
import { seeded } from '../local/simulation/random.ts';

/**
 * How often the default policy names a variant that is not the best, looked at every day (no waiting for whole weeks, which is the
 * harshest reading) to a week past the planned end of 28 days. Writes the tables of docs/statistics.md.
 *
 *     npx tsx bench/false-winners.ts [runs]
 */
const RUNS = Number(process.argv[2] ?? 2000);

const VARIANTS = [2, 3, 5];
/** At 0.1 % the smaller variants come to some thirty goals by the planned end, hardly more than the policy asks for. */
const RATES = [
  { rate: 0.001, perDay: 5000 },
  { rate: 0.05, perDay: 500 },
  { rate: 0.5, perDay: 100 },
];
const RAMP = [0.02, 0.02, 0.1, 0.1, 0.5];
type Setting = {
  readonly name: string;
  readonly control: number;
  readonly ramp?: readonly number[];
  readonly allocation?: Allocation['kind'];
};
const SETTINGS: readonly Setting[] = [
  { name: 'equal weights', control: 1 },
  { name: 'equal weights, ramp', control: 1, ramp: RAMP },
  { name: 'control nine times', control: 9 },
  { name: 'control nine times, ramp', control: 9, ramp: RAMP },
  { name: 'weights moved by Thompson', control: 1, allocation: 'thompson' },
];

const TRUTHS = [
  { name: 'both treatments 20 % better, alike', rates: [0.05, 0.06, 0.06] },
  { name: 'both better, one of them by 2 % more', rates: [0.05, 0.06, 0.0612] },
  { name: 'one treatment as good as the control, one worse', rates: [0.05, 0.05, 0.045] },
  { name: 'four treatments 20 % better, alike', rates: [0.05, 0.06, 0.06, 0.06, 0.06] },
  { name: 'one of four better by 20 %', rates: [0.05, 0.05, 0.05, 0.05, 0.06] },
];

function definitionOf(variants: number, control: number, kind: Allocation['kind']): Definition {
  const steps = [{ id: 'buy', name: 'buy' }];
  return z.parse(Definition, {
    id: 'calibration',
    name: 'calibration',
    goal: 'buy',
    control: 'v0',
    variants: Array.from({ length: variants }, (_, i) => ({
      id: `v${i}`,
      name: `v${i}`,
      weight: i === 0 ? control : 1,
      steps,
    })),
    policy: { wholeWeeks: false },
    allocation: { kind },
  });
}

const run = (seed: number, definition: Definition, plan: Omit<CalibrationPlan, 'runs'>) =>
  calibrate(seeded(seed), definition, { ...plan, runs: RUNS });
const share = (count: number) => `${((100 * count) / RUNS).toFixed(1)} %`;
const row = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);

row(['A/A', ...VARIANTS.map((variants) => `${variants} variants`)]);
row(['---', ...VARIANTS.map(() => '---')]);
for (const { rate, perDay } of RATES)
  for (const { name, control, ramp, allocation = 'fixed' } of SETTINGS)
    row([
      `${rate * 100} %, ${name}`,
      ...VARIANTS.map((variants, i) => {
        const plan = { perDay, rates: [rate], ...(ramp && { ramp }) };
        return share(run(100 + i, definitionOf(variants, control, allocation), plan).falseWinners);
      }),
    ]);

console.log();
row(['truth', 'a variant that is not the best', 'the best one']);
row(['---', '---', '---']);
for (const [i, { name, rates }] of TRUTHS.entries()) {
  const measured = run(200 + i, definitionOf(rates.length, 1, 'fixed'), { perDay: 1000, rates });
  row([name, share(measured.falseWinners), share(measured.trueWinners)]);
}
