import type { VisitorClass } from '../journey/signal.ts';

/**
 * Addable sufficient statistics of journeys: a sparse vector of integers, as cells of counters.
 * A cell is what analysis may slice by; a counter is what is counted in it.
 *
 * | counter | counts |
 * |---|---|
 * | `n` | visitors |
 * | `redirected` | visitors a redirect sent on; the rest were assigned by a site itself, or written to |
 * | `edge` | visitors whose assignment is known from the edge's logs, which are best effort |
 * | `arrived` | visitors seen on the landing page |
 * | `f{k}` | visitors whose furthest rung is k |
 * | `u{k}` | the correction of `f{k}` if every opening of a link had been a person's; sums to zero over k |
 * | `d{k}:{b}` | visitors who took a time in bucket b from the observed rung below to rung k |
 * | `w{k}:{b}` | visitors who stopped at rung k, having reached it a time in bucket b after entering |
 * | `conflict` | visitors who had two variants before they were known by one id |
 * | `m:{id}:x` | the sum over visitors of metric `id`, of ratios the numerator; with `xx` and `xxHigh` the sum of its squares |
 * | `m:{id}:d` | of ratios (`response`, `depth`) the sum of denominators; with `dd`, `ddHigh` squares and `xd`, `xdHigh` products |
 * | `m:{id}:any` | visitors of whom the metric is above zero |
 * | `m:{id}:h{b}` | of `value` and `count`: those of them in bucket b, which ends at 2^(b/4); 0 holds a one |
 * | `m:{id}:w{k}` | of `return`: visitors with a commitment in week k |
 * | `m:{id}:c` | of `return`: the sum of (weeks - 1) times week 1 minus the weeks after it; with `cc` and `ccHigh` its squares |
 * | `payers`, `value` | visitors with a value, and the sum of their values |
 * | `square`, `squareHigh` | the sum of squared values: low 26 bits and the rest, so that both stay exact integers |
 */
export type Tally = ReadonlyMap<string, Counters>;
export type Counters = Readonly<Record<string, number>>;

export type Cell = {
  readonly sequence: number;
  readonly epoch: number;
  readonly day: number;
  readonly variant: string;
  readonly class: VisitorClass;
  /** Frozen segments as `attribute=value`, sorted and joined by `&`; empty when the experiment declares none. */
  readonly segment: string;
};

/** The key of a cell. Its parts hold no `#`: ids are slugs and segments are escaped. */
export const cellKey = (cell: Cell): string =>
  `${cell.sequence}#${cell.epoch}#${cell.day}#${cell.variant}#${cell.class}#${cell.segment}`;

export function parseCellKey(key: string): Cell {
  const [sequence, epoch, day, variant = '', visitorClass, segment = ''] = key.split('#');
  return {
    sequence: Number(sequence),
    epoch: Number(epoch),
    day: Number(day),
    variant,
    class: visitorClass as VisitorClass,
    segment,
  };
}

/** A tally under construction: the one place where a tally is changed in place, because recounts add millions. */
export class TallySum {
  readonly #cells = new Map<string, Record<string, number>>();

  /** Adds a tally `times` over: 1 to add it, -1 to take it away. */
  add(tally: Tally, times: 1 | -1 = 1): this {
    for (const [key, counters] of tally) {
      const cell = this.#cells.get(key);
      if (cell === undefined) {
        this.#cells.set(key, times === 1 ? { ...counters } : negated(counters));
        continue;
      }
      for (const name in counters) cell[name] = (cell[name] ?? 0) + times * (counters[name] ?? 0);
    }
    return this;
  }

  /** The sum, without counters that came to zero and cells that came to nothing. */
  total(): Tally {
    const total = new Map<string, Counters>();
    for (const [key, counters] of this.#cells) {
      const kept = Object.entries(counters).filter(([, count]) => count !== 0);
      if (kept.length > 0) total.set(key, Object.fromEntries(kept));
    }
    return total;
  }
}

const negated = (counters: Counters): Record<string, number> =>
  Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, -count]));

export const NOTHING: Tally = new Map();
export const plus = (a: Tally, b: Tally): Tally => new TallySum().add(a).add(b).total();
export const minus = (a: Tally, b: Tally): Tally => new TallySum().add(a).add(b, -1).total();

/** How far two tallies are apart: the sum of absolute differences of all counters. Zero means equal. */
export function distance(a: Tally, b: Tally): number {
  let sum = 0;
  for (const counters of minus(a, b).values()) for (const name in counters) sum += Math.abs(counters[name] ?? 0);
  return sum;
}
