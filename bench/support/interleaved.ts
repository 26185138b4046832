import { median } from './quantile.ts';

/** One thing to time: `run` is called as often as it takes to fill a few milliseconds. */
export interface Contestant {
  readonly name: string;
  readonly run: () => unknown;
}

/** Shorter than this a timer sees mostly itself. */
const FILL_MICROSECONDS = 5_000;

/** Long enough for the compiler to have settled on its code. */
const WARM_UP_MICROSECONDS = 100_000;

/**
 * Median processor time of one call of each contestant, in microseconds. They take turns within every round, so that whatever
 * else the machine is doing falls on all of them alike; and the clock is the process's own, so that waiting for a core is not
 * counted. Each is warmed up first.
 */
export function interleaved(contestants: readonly Contestant[], rounds: number): Map<string, number> {
  // Twice, because one contestant's warming up can make the engine recompile what it shares with another.
  for (const { run } of contestants) repeatsToFill(run);
  const repeats = contestants.map(({ run }) => repeatsToFill(run));
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, { run }] of contestants.entries()) times[i]?.push(timed(run, repeats[i] ?? 1));
  }
  return new Map(contestants.map(({ name }, i) => [name, median(times[i] ?? [])]));
}

function repeatsToFill(run: () => unknown): number {
  let spent = 0;
  while (spent < WARM_UP_MICROSECONDS) spent += timed(run, 1);
  let repeats = 1;
  while (timed(run, repeats) * repeats < FILL_MICROSECONDS) repeats *= 2;
  return repeats;
}

/** Microseconds a call. */
function timed(run: () => unknown, repeats: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < repeats; i += 1) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / repeats;
}
