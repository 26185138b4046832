import { type Counters, plus } from '#shared/tally/tally.ts';

/** What one visitor adds to a tally, as the table of `tally.ts` says, in the plainest arithmetic: small numbers only. */
export function metricCounters(id: string, visitors: readonly Of[]): Counters {
  return visitors.reduce<Counters>(
    (sum, visitor) => plus(new Map([['', sum]]), new Map([['', one(id, visitor)]])).get('') ?? {},
    {},
  );
}

/** `x` and, of a ratio, `d`; of a return, the weeks (from 1) of `last` weeks with a commitment. */
export type Of = {
  readonly x?: number;
  readonly d?: number;
  readonly weeks?: readonly number[];
  readonly last?: number;
  readonly histogram?: boolean;
};

function one(id: string, { x = 0, d, weeks, last = 4, histogram = d === undefined && weeks === undefined }: Of) {
  const amount = weeks ? weeks.length : x;
  const later = (weeks ?? []).filter((week) => week > 1).length;
  const contrast = weeks ? (last - 1) * (weeks.includes(1) ? 1 : 0) - later : 0;
  const counters: Record<string, number> = {
    n: 1,
    [`m:${id}:x`]: amount,
    [`m:${id}:xx`]: (amount * amount) % 2 ** 26,
    [`m:${id}:xxHigh`]: Math.floor((amount * amount) / 2 ** 26),
    [`m:${id}:any`]: amount > 0 ? 1 : 0,
    ...(d !== undefined && { [`m:${id}:d`]: d, [`m:${id}:dd`]: d * d, [`m:${id}:xd`]: amount * d }),
    ...(histogram && amount > 0 && { [`m:${id}:h${Math.ceil(4 * Math.log2(amount) - 1e-9)}`]: 1 }),
    ...(weeks && { [`m:${id}:c`]: contrast, [`m:${id}:cc`]: contrast * contrast }),
    ...(weeks && Object.fromEntries(weeks.map((week) => [`m:${id}:w${week}`, 1]))),
  };
  return counters;
}
