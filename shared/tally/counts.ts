import type { Sequence } from '../experiment/sequence.ts';
import { productOf } from './exact-product.ts';
import { type Cell, parseCellKey, type Tally } from './tally.ts';

/** What a tally says of one variant, over whichever cells were asked for. */
export type VariantCounts = {
  readonly variant: string;
  readonly visitors: number;
  readonly redirected: number;
  readonly arrived: number;
  /** Visitors known from best-effort logs only. */
  readonly edge: number;
  /** Visitors whose furthest rung is k, for k = 0 to K. */
  readonly furthest: readonly number[];
  /** The same if every opening of a link had been a person's. */
  readonly furthestBelieved: readonly number[];
  readonly goals: number;
  readonly payers: number;
  readonly value: number;
  readonly valueSquares: number;
};

/** One cohort: visitors and goals by variant, of one day under one set of weights. */
export type Cohort = {
  readonly epoch: number;
  readonly day: number;
  readonly visitors: Readonly<Record<string, number>>;
  readonly goals: Readonly<Record<string, number>>;
};

export type Where = (cell: Cell) => boolean;

/** The counts of every variant of a sequence, in its order, over the cells of that sequence that satisfy `where`. */
export function countsOf(tally: Tally, sequence: Sequence, where: Where = () => true): VariantCounts[] {
  return Object.entries(sequence.ladders).map(([variant, ladder]) => {
    const furthest = new Array<number>(ladder.length + 1).fill(0);
    const believed = new Array<number>(ladder.length + 1).fill(0);
    const sums = { visitors: 0, redirected: 0, arrived: 0, edge: 0, payers: 0, value: 0, valueSquares: 0 };
    for (const [key, counters] of tally) {
      const cell = parseCellKey(key);
      if (cell.variant !== variant || cell.sequence !== sequence.version || !where(cell)) continue;
      sums.visitors += counters.n ?? 0;
      sums.redirected += counters.redirected ?? 0;
      sums.arrived += counters.arrived ?? 0;
      sums.edge += counters.edge ?? 0;
      sums.payers += counters.payers ?? 0;
      sums.value += counters.value ?? 0;
      sums.valueSquares += productOf(counters.square, counters.squareHigh);
      furthest.forEach((count, rung) => {
        furthest[rung] = count + (counters[`f${rung}`] ?? 0);
        believed[rung] = (believed[rung] ?? 0) + (counters[`f${rung}`] ?? 0) + (counters[`u${rung}`] ?? 0);
      });
    }
    return { variant, ...sums, furthest, furthestBelieved: believed, goals: furthest.at(-1) ?? 0 };
  });
}

/** Visitors who came to each rung or further: entry k - 1 is rung k. */
export function reached(furthest: readonly number[]): number[] {
  const reach: number[] = [];
  let above = 0;
  for (let rung = furthest.length - 1; rung >= 1; rung--) {
    above += furthest[rung] ?? 0;
    reach.unshift(above);
  }
  return reach;
}

/** The cohorts of a sequence, oldest first. */
export function cohortsOf(tally: Tally, sequence: Sequence, where: Where = () => true): Cohort[] {
  type Growing = { epoch: number; day: number; visitors: Record<string, number>; goals: Record<string, number> };
  const cohorts = new Map<string, Growing>();
  for (const [key, counters] of tally) {
    const cell = parseCellKey(key);
    const rungs = sequence.ladders[cell.variant]?.length;
    if (rungs === undefined || cell.sequence !== sequence.version || !where(cell)) continue;
    const id = `${cell.day}#${cell.epoch}`;
    const cohort = cohorts.get(id) ?? { epoch: cell.epoch, day: cell.day, visitors: {}, goals: {} };
    cohort.visitors[cell.variant] = (cohort.visitors[cell.variant] ?? 0) + (counters.n ?? 0);
    cohort.goals[cell.variant] = (cohort.goals[cell.variant] ?? 0) + (counters[`f${rungs}`] ?? 0);
    cohorts.set(id, cohort);
  }
  return [...cohorts.values()].sort((a, b) => a.day - b.day || a.epoch - b.epoch);
}
