import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Measured, openLoop, type Sent } from './load/open-loop.ts';
import { quantile } from './support/quantile.ts';

// npx tsx bench/load.ts [--minutes 10] [--rate 600]     what is measured, and what came of it: bench/load.md

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    /** Requests a second to sustain; found by trying where absent. */
    rate: { type: 'string' },
    /** A folder for a profile of the server's CPU. */
    profile: { type: 'string' },
  },
});
const seconds = Math.round(Number(flags.minutes) * 60);
const RECOVERY_SECONDS = 30;
const PAGE = 4096;
const MB = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'stepladder-load-'));
const server = fork(join(import.meta.dirname, 'load/server.ts'), [folder], {
  execArgv: ['--import', 'tsx', ...(flags.profile ? ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`] : [])],
});
type Message = {
  kind: string;
  port: number;
  engine: number;
  rss: number;
  cpu: NodeJS.CpuUsage;
  visitors: number;
  drift: number;
};
const heard = async (kind: string): Promise<Message> => {
  for (;;) {
    const [message] = (await once(server, 'message')) as [Message];
    if (message.kind === kind) return message;
  }
};
const { port, engine } = await heard('ready');
const memory: { at: string; serverMb: number; engineMb: number }[] = [];
type Cpu = { readonly server: number; readonly engine: number };
/** Notes the memory, and gives back the CPU that the server and its engine have used so far, ms. */
const remember = async (at: string): Promise<Cpu> => {
  const answer = heard('memory');
  server.send('memory');
  const { rss, cpu } = await answer;
  const [, resident] = readFileSync(`/proc/${engine}/statm`, 'utf8').split(' ');
  memory.push({ at, serverMb: Math.round(rss / MB), engineMb: Math.round((Number(resident) * PAGE) / MB) });
  // Behind the name, which may have spaces: the times in user and in kernel mode, in hundredths of a second.
  const fields = readFileSync(`/proc/${engine}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return { server: (cpu.user + cpu.system) / 1000, engine: 10 * (Number(fields[11]) + Number(fields[12])) };
};

let visitors = 0;
let turn = 0;
/** Clicks of new visitors and batches of two events of other new visitors, by turns: every request is one write. */
const next = (): Sent => {
  turn += 1;
  if (turn % 2) return { method: 'GET', path: '/go/load?utm_source=search&gclid=Cj0KCQjw-cGwBhDGARIsAEzD0r8' };
  visitors += 1;
  const visitor = `v-${visitors}`;
  const events = [{ type: 'arrival' }, { step: 'buy', value: 2990 }].map((each) => ({
    experiment: 'load',
    visitor,
    ...each,
  }));
  return { method: 'POST', path: '/v1/events', body: JSON.stringify({ events }) };
};

let accepted = 0;
async function phase(name: string, perSecond: number, length: number): Promise<Measured & { cpu: Cpu }> {
  const before = await remember(name);
  const reading = setInterval(() => void remember(name), Math.max(2_000, (length * 1000) / 20));
  const measured = await openLoop(port, perSecond, length, next);
  clearInterval(reading);
  const now = await remember(name);
  accepted += measured.outcomes.counted + measured.outcomes.recorded;
  return { ...measured, cpu: { server: now.server - before.server, engine: now.engine - before.engine } };
}

const headers = [
  '',
  'asked/s',
  'counted',
  'uncounted',
  'recorded',
  'refused',
  'failed',
  'p50',
  'p99',
  'p99.9',
  'max',
  'CPU',
  'engine',
];
const line = (cells: readonly (string | number)[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(12) : String(cell).padStart(10))).join(''));
function print(name: string, perSecond: number, { outcomes, latencies, failures, cpu }: Measured & { cpu: Cpu }): void {
  const { counted, uncounted, recorded, refused, failed } = outcomes;
  const times = [0.5, 0.99, 0.999, 1].map((q) => quantile(latencies, q).toFixed(1));
  line([
    name,
    perSecond,
    counted,
    uncounted,
    recorded,
    refused,
    failed,
    ...times,
    ...[cpu.server, cpu.engine].map((ms) => (ms / latencies.length).toFixed(2)),
  ]);
  for (const [why, times] of failures) console.log(`             ${why}: ${times}`);
}

/** The most that is taken, in steps of a tenth: nobody turned away, and 99 of 100 answered within a quarter of a second. */
async function sustainable(): Promise<number> {
  let good = 100;
  for (let rate = 200; rate < 5_000; rate = Math.round(rate * 1.15)) {
    const tried = await phase('finding', rate, 6);
    const { uncounted, refused, failed } = tried.outcomes;
    print('finding', rate, tried);
    if (uncounted + refused + failed > 0 || quantile(tried.latencies, 0.99) > 250) break;
    good = rate;
  }
  return Math.round(good * 0.8);
}

console.log(
  `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)} before; latencies in ms from when a request was due, CPU in ms a request, of the server and of the engine\n`,
);
line(headers);
print('warm-up', 100, await phase('warm-up', 100, 5));
const rate = flags.rate ? Number(flags.rate) : await sustainable();
memory.length = 0;
const sustained = await phase('sustained', rate, seconds);
print('sustained', rate, sustained);
const doubled = await phase('doubled', rate * 2, seconds);
print('doubled', rate * 2, doubled);
const after = await phase('after', rate, RECOVERY_SECONDS);
print('after', rate, after);

const usual = quantile(sustained.latencies, 0.99);
const recovered = after.seconds.findIndex((latencies) => quantile(latencies, 0.99) <= 2 * usual);
console.log(
  `\nRecovery: ${recovered < 0 ? `not within ${RECOVERY_SECONDS}` : recovered} s until 99 of 100 take at most twice what they took before.`,
);
for (const name of ['sustained', 'doubled', 'after'] as const) {
  const readings = memory.filter(({ at }) => at === name);
  console.log(
    `Memory, ${name}: server ${readings.map(({ serverMb }) => serverMb).join(' ')} MB; engine ${readings.at(0)?.engineMb} to ${readings.at(-1)?.engineMb} MB`,
  );
}
const counted = heard('count');
server.send('count');
const { visitors: inStore, drift } = await counted;
console.log(
  `Told to be counted: ${accepted} visitors; in the store: ${inStore}; drift ${drift}. Load ${loadavg()[0]?.toFixed(1)} after.`,
);
server.send('stop');
await once(server, 'exit');
rmSync(folder, { recursive: true, force: true });
