import { assign } from '#shared/assignment/assign.ts';
import { type Contender, type Decide, experimentOf, ours } from './assignment-contenders.ts';
import { growthBookOfMany, peers } from './assignment-peers.ts';
import { median } from './support/quantile.ts';

// npx tsx bench/assignment.ts [--full]     what is measured, and what came of it: bench/assignment.md

const FULL = process.argv.includes('--full');
/** A round goes through all contenders in turn, so that a disturbance of the machine falls on all of them. */
const ROUNDS = 25;
const IDS_A_ROUND = FULL ? 40_000 : 8_000;
const MANY = 20;

type Measured = { readonly name: string; readonly nanoseconds: number };
type Timed = Contender & { readonly nanoseconds: number };

// Through a buffer, because a freshly made UUID is a tree of pieces that whoever reads it first would have to join.
const rounds = Array.from({ length: ROUNDS }, () =>
  Array.from({ length: IDS_A_ROUND }, () => Buffer.from(crypto.randomUUID()).toString('latin1')),
);
const { contenders: others, missing } = await peers();
const contenders = [...ours(), ...others];
for (const contender of contenders) insistOnHalves(contender);

const timed = measure(contenders.map(({ decide }) => loopOf(decide))).map(
  (nanoseconds, i): Timed => ({ ...(contenders[i] as Contender), nanoseconds }),
);
const many = measureMany();
print();

/** An adapter that decides nothing would win. */
function insistOnHalves({ name, decide }: Contender): void {
  const ids = rounds[0]?.slice(0, 4_000) ?? [];
  const share = ids.reduce((sum, id) => sum + decide(id), 0) / ids.length;
  if (Math.abs(share - 0.5) > 0.05) throw new Error(`${name} does not split half and half but ${share}`);
}

/** A loop of its own for each contender: shared, it would call all of them through one slow door. */
function loopOf(decide: Decide): (ids: readonly string[]) => number {
  const make = new Function(
    'decide',
    'return (ids) => { let sum = 0; for (let i = 0; i < ids.length; i++) sum += decide(ids[i]); return sum; }',
  );
  return make(decide) as (ids: readonly string[]) => number;
}

/**
 * Median over the rounds of nanoseconds of processor time per id, for each loop: waiting for a core that others hold is nobody's cost. The first two rounds warm up and do not count. Each round begins
 * with another contender: the first to touch a round's ids has to fetch them from memory.
 */
function measure(loops: readonly ((ids: readonly string[]) => number)[]): number[] {
  const times: number[][] = loops.map(() => []);
  rounds.forEach((ids, round) => {
    loops.forEach((_, turn) => {
      const i = (turn + round) % loops.length;
      const loop = loops[i] as (ids: readonly string[]) => number;
      const start = process.cpuUsage();
      loop(ids);
      const { user, system } = process.cpuUsage(start);
      const took = ((user + system) * 1_000) / ids.length;
      if (round >= 2) times[i]?.push(took);
    });
  });
  return times.map(median);
}

function measureMany(): Measured[] {
  const packed = Array.from({ length: MANY }, (_, i) => experimentOf(`experiment-${i}`));
  const stepladder: Decide = (visitor) => {
    const attributes = { country: 'CH' };
    let sum = 0;
    for (const each of packed) sum += assign(each, visitor, attributes, 0).variant;
    return sum;
  };
  const growthbook = growthBookOfMany(MANY);
  const loops = growthbook ? [loopOf(stepladder), loopOf(growthbook)] : [loopOf(stepladder)];
  const short = (loop: (ids: readonly string[]) => number) => (ids: readonly string[]) =>
    loop(ids.slice(0, ids.length / MANY));
  const names = ['Stepladder assign', 'GrowthBook runInlineExperiment'];
  return measure(loops.map(short)).map((nanoseconds, i) => ({ name: names[i] ?? '', nanoseconds }));
}

function print(): void {
  const own = timed.find(({ role }) => role === 'ours')?.nanoseconds ?? Number.NaN;
  const line = (name: string, version: string, nanoseconds: string, ratio: string) =>
    console.log(`${name.padEnd(34)}${version.padEnd(9)}${nanoseconds.padStart(10)}${ratio.padStart(14)}`);
  console.log(
    `One decision: 50/50, one condition that holds, ${ROUNDS * IDS_A_ROUND} distinct ids of 36 bytes, medians of ${ROUNDS - 2} rounds\n`,
  );
  line('', '', 'ns', 'x Stepladder');
  for (const { name, version = '', nanoseconds } of timed)
    line(name, version, nanoseconds.toFixed(0), (nanoseconds / own).toFixed(2));
  for (const name of missing) line(name, '', 'not installed', '');
  console.log(`\n${MANY} experiments for one visitor, a decision\n`);
  for (const { name, nanoseconds } of many)
    line(name, '', nanoseconds.toFixed(0), (nanoseconds / (many[0]?.nanoseconds ?? 1)).toFixed(2));

  const bare = timed.find(({ name }) => name === 'bare murmur3-32')?.nanoseconds ?? Number.NaN;
  const fastest = Math.min(...timed.filter(({ role }) => role === 'peer').map(({ nanoseconds }) => nanoseconds));
  console.log('\nAims');
  aim('at most 2x the bare hash', own / bare, own / bare <= 2);
  if (missing.length > 0) console.log('  the others need every peer: npm ci --ignore-scripts --prefix bench/peers');
  else {
    aim('at least 10x the fastest peer', fastest / own, fastest / own >= 10);
    const ratio = (many[1]?.nanoseconds ?? Number.NaN) / (many[0]?.nanoseconds ?? Number.NaN);
    aim(`at least 10x GrowthBook with ${MANY} experiments`, ratio, ratio >= 10);
  }
}

function aim(what: string, ratio: number, met: boolean): void {
  console.log(`  ${what.padEnd(48)}${ratio.toFixed(2).padStart(8)}   ${met ? 'met' : 'missed'}`);
}
