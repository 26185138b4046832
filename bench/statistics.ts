/**
 * How fast the exact posterior is beside what is usually done with jStat, and how right each is.
 * Run: npx tsx bench/statistics.ts        Everything is timed in one run, in turns; medians. Takes about a minute.
 */
import { type Beta, posterior } from '#shared/statistics/beta.ts';
import { betaInterval } from '#shared/statistics/beta-distribution.ts';
import { compareRates } from '#shared/statistics/comparison.ts';
import { uplift } from '#shared/statistics/uplift.ts';
import further from '../test/fixtures/reference/statistics-further.json' with { type: 'json' };
import given from '../test/fixtures/reference/statistics-reference.json' with { type: 'json' };
import { interleaved } from './support/interleaved.ts';
import { closedForm, monteCarlo, monteCarloWithIntervals, simpson } from './support/jstat-peers.ts';
import { type Counted, pythonPeers } from './support/python-peers.ts';

const ROUNDS = 5;

interface Sample {
  readonly label: string;
  readonly arms: readonly [Beta, Beta];
  readonly counts: readonly [Counted, Counted];
  /** P(B > A), from the reference files. */
  readonly truth: number;
}

const samples: readonly Sample[] = [
  fromGiven('10 and 12', 'tiny_0_10_v_1_12'),
  fromGiven('2,400', 'ord_120_2400_v_156_2390'),
  fromGiven('12,000', 'ord_480_12000_v_530_12000'),
  fromGiven('1,000,000', 'large_3pct_1e6'),
  fromFurther('10,000,000', 'five_percent_1e7'),
  fromGiven('100,000,000', 'huge_1pct_1e8'),
];

console.log(
  `Node ${process.version}, medians of ${ROUNDS} interleaved rounds, microseconds of processor time a call\n`,
);

const rows = samples.map(({ label, arms: [a, b], truth }) => {
  const methods = {
    ours: () => compareRates([a, b]).best[1] ?? Number.NaN,
    monteCarlo: () => monteCarlo(a, b).chance,
    closedForm: () => closedForm(a, b),
    simpson: () => simpson(a, b),
    oursWithIntervals: () => [compareRates([a, b]), betaInterval(a), betaInterval(b), uplift(a, b)],
    monteCarloWithIntervals: () => monteCarloWithIntervals(a, b),
  };
  const times = interleaved(
    Object.entries(methods).map(([name, run]) => ({ name, run })),
    ROUNDS,
  );
  const time = (name: keyof typeof methods) => times.get(name) ?? Number.NaN;
  const error = (chance: number) => Math.abs(chance / truth - 1);
  return { label, time, error, methods };
});

table('P(best) and both expected losses', [
  ['visitors each', 'ours', '100k draws', '', 'closed form', '', 'Simpson', ''],
  ...rows.map(({ label, time }) => [
    label,
    micro(time('ours')),
    micro(time('monteCarlo')),
    times(time('monteCarlo') / time('ours')),
    micro(time('closedForm')),
    times(time('closedForm') / time('ours')),
    micro(time('simpson')),
    times(time('simpson') / time('ours')),
  ]),
]);

table('Relative error of P(B > A)', [
  ['visitors each', 'ours', '100k draws', 'closed form', 'Simpson'],
  ...rows.map(({ label, error, methods: { ours, monteCarlo, closedForm, simpson } }) => [
    label,
    ...[ours, monteCarlo, closedForm, simpson].map((method) => error(method()).toExponential(1)),
  ]),
]);

table('The same with 95 % intervals of both rates and of the relative uplift', [
  ['visitors each', 'ours', '100k draws', ''],
  ...rows.map(({ label, time }) => [
    label,
    micro(time('oursWithIntervals')),
    micro(time('monteCarloWithIntervals')),
    times(time('monteCarloWithIntervals') / time('oursWithIntervals')),
  ]),
]);

const python = pythonPeers(samples.map(({ counts }) => counts));
if (python === undefined) console.log('Peers in Python: not installed (python3 with SciPy, and gbstats)\n');
else {
  const { versions, cases } = python;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const cell = (told: { chance: number; micro: number } | undefined, truth: number) =>
    told ? [micro(told.micro), Math.abs(told.chance / truth - 1).toExponential(1)] : ['not installed', ''];
  table(`P(B > A) beside peers in Python (${named.join(', ')}): time and relative distance from the exact`, [
    ['visitors each', 'ours', '', 'gbstats', '', 'SciPy quad', ''],
    ...rows.map(({ label, time, error, methods: { ours } }, i) => [
      label,
      micro(time('ours')),
      error(ours()).toExponential(1),
      ...cell(cases[i]?.gbstats, samples[i]?.truth ?? Number.NaN),
      ...cell(cases[i]?.scipy, samples[i]?.truth ?? Number.NaN),
    ]),
  ]);
}

const spread = (k: number) => Array.from({ length: k }, (_, i) => posterior(500 + 10 * i, 10_000));
const apart = (k: number) => Array.from({ length: k }, (_, i) => posterior(500 + 100 * i, 10_000));
const byCount = interleaved(
  [2, 3, 5, 10].flatMap((k) => [
    { name: `close ${k}`, run: () => compareRates(spread(k)) },
    { name: `apart ${k}`, run: () => compareRates(apart(k)) },
  ]),
  ROUNDS * 3,
);
table('Variants in one comparison, 10,000 visitors each', [
  ['variants', 'close rates', '', 'rates far apart', ''],
  ...[2, 3, 5, 10].map((k) => {
    const [close, far] = [byCount.get(`close ${k}`) ?? 0, byCount.get(`apart ${k}`) ?? 0];
    const [close2, far2] = [byCount.get('close 2') ?? 0, byCount.get('apart 2') ?? 0];
    return [String(k), micro(close), times(close / close2), micro(far), times(far / far2)];
  }),
]);

function fromGiven(label: string, id: string): Sample {
  const found = given.cases.find((one) => one.id === id);
  const [a, b] = found?.data ?? [];
  if (!(found && a && b)) throw new Error(`no reference case ${id}`);
  const arms = [
    posterior(a.conversions, a.visitors, found.prior),
    posterior(b.conversions, b.visitors, found.prior),
  ] as const;
  const counts = [countsOf(a.conversions, a.visitors), countsOf(b.conversions, b.visitors)] as const;
  return { label, arms, counts, truth: Number(found.hp.p_b_gt_a) };
}

function fromFurther(label: string, id: string): Sample {
  const found = further.cases.find((one) => one.id === id);
  const [[sa, na] = [], [sb, nb] = []] = found?.data ?? [];
  if (!found || sa === undefined || na === undefined || sb === undefined || nb === undefined) {
    throw new Error(`no reference case ${id}`);
  }
  const truth = 'p_b_gt_a' in found.ref ? Number(found.ref.p_b_gt_a) : Number.NaN;
  return { label, arms: [posterior(sa, na), posterior(sb, nb)], counts: [countsOf(sa, na), countsOf(sb, nb)], truth };
}

function countsOf(goals: number, visitors: number): Counted {
  return { goals, visitors };
}

function micro(time: number): string {
  return time < 100 ? time.toFixed(1) : Math.round(time).toLocaleString('en');
}

function times(ratio: number): string {
  return `×${ratio < 100 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en')}`;
}

function table(title: string, lines: readonly (readonly string[])[]): void {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  console.log(title);
  for (const line of lines) console.log(`  ${line.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')}`);
  console.log('');
}
