import type { Measure, Sequence } from '../experiment/sequence.ts';
import { matureAfterMs } from '../experiment/sequence.ts';
import { isMature } from './cohort-day.ts';
import type { Where } from './counts.ts';
import { type Cell, type Counters, parseCellKey, type Tally } from './tally.ts';

/** What the visitors of a variant add up to in one metric. `count` is the visitors; a mean has them as its denominator. */
export type MetricSums = {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly denominator: number;
  readonly denominatorSquares: number;
  readonly products: number;
  /** Visitors of whom the metric is above zero. */
  readonly any: number;
  /** Of `return`: the contrast of week 1 against the weeks after it, and its square. */
  readonly contrast: number;
  readonly contrastSquares: number;
  /** Of `value` and `count`: visitors above zero by bucket. */
  readonly buckets: Readonly<Record<number, number>>;
};

/** One cohort of a metric: the visitors of one day under one set of weights, by variant. */
export type MetricCohort = {
  readonly epoch: number;
  readonly day: number;
  readonly variants: Readonly<Record<string, MetricSums>>;
};

/** Metrics of a ratio, whose denominator is what a visitor did and not the visitor. */
export const isRatio = ({ kind }: Pick<Measure, 'kind'>): boolean => kind === 'response' || kind === 'depth';

/** Whether a cohort's measure is final: each metric has a time of its own. */
export const isMetricMature =
  (measure: Measure, asOf: number) =>
  ({ day }: Pick<Cell, 'day'>): boolean =>
    isMature(day, matureAfterMs(measure), asOf);

/** The cohorts of one metric, oldest first, over the cells of the sequence that satisfy `where`. */
export function metricCohorts(tally: Tally, sequence: Sequence, measure: Measure, where: Where): MetricCohort[] {
  type Growing = { epoch: number; day: number; variants: Record<string, MetricSums> };
  const cohorts = new Map<string, Growing>();
  for (const [key, counters] of tally) {
    const cell = parseCellKey(key);
    if (cell.sequence !== sequence.version || sequence.ladders[cell.variant] === undefined || !where(cell)) continue;
    const id = `${cell.day}#${cell.epoch}`;
    const cohort = cohorts.get(id) ?? { epoch: cell.epoch, day: cell.day, variants: {} };
    cohort.variants[cell.variant] = added(cohort.variants[cell.variant] ?? NO_SUMS, sumsOf(counters, measure));
    cohorts.set(id, cohort);
  }
  return [...cohorts.values()].sort((a, b) => a.day - b.day || a.epoch - b.epoch);
}

/** Visitors of a cohort with a commitment in a week, from 1: `goals` of the cohort, in the shape in which rates are compared. */
export function weekCohorts(tally: Tally, sequence: Sequence, measure: Measure, week: number, where: Where) {
  type Growing = { epoch: number; day: number; visitors: Record<string, number>; goals: Record<string, number> };
  const cohorts = new Map<string, Growing>();
  for (const [key, counters] of tally) {
    const cell = parseCellKey(key);
    if (cell.sequence !== sequence.version || sequence.ladders[cell.variant] === undefined || !where(cell)) continue;
    const id = `${cell.day}#${cell.epoch}`;
    const cohort = cohorts.get(id) ?? { epoch: cell.epoch, day: cell.day, visitors: {}, goals: {} };
    const { visitors, goals } = cohort;
    visitors[cell.variant] = (visitors[cell.variant] ?? 0) + (counters.n ?? 0);
    goals[cell.variant] = (goals[cell.variant] ?? 0) + (counters[`m:${measure.id}:w${week}`] ?? 0);
    cohorts.set(id, cohort);
  }
  return [...cohorts.values()].sort((a, b) => a.day - b.day || a.epoch - b.epoch);
}

/** One variant over cohorts. */
export const metricTotal = (cohorts: readonly MetricCohort[], variant: string): MetricSums =>
  cohorts.reduce((sum, { variants }) => added(sum, variants[variant] ?? NO_SUMS), NO_SUMS);

export const NO_SUMS: MetricSums = {
  count: 0,
  sum: 0,
  sumOfSquares: 0,
  denominator: 0,
  denominatorSquares: 0,
  products: 0,
  any: 0,
  contrast: 0,
  contrastSquares: 0,
  buckets: {},
};

/** Sums of squares are kept in two parts, so that each stays an exact integer. */
const HIGH = 2 ** 26;

function sumsOf(counters: Counters, measure: Measure): MetricSums {
  const of = (name: string) => counters[`m:${measure.id}:${name}`] ?? 0;
  const parts = (name: string) => of(`${name}High`) * HIGH + of(name);
  const count = counters.n ?? 0;
  const ratio = isRatio(measure);
  const sum = of('x');
  return {
    count,
    sum,
    sumOfSquares: parts('xx'),
    denominator: ratio ? of('d') : count,
    denominatorSquares: ratio ? parts('dd') : count,
    products: ratio ? parts('xd') : sum,
    any: of('any'),
    contrast: of('c'),
    contrastSquares: parts('cc'),
    buckets: measure.kind === 'value' || measure.kind === 'count' ? bucketsOf(counters, measure.id) : {},
  };
}

function bucketsOf(counters: Counters, id: string): Record<number, number> {
  const prefix = `m:${id}:h`;
  const buckets: Record<number, number> = {};
  for (const [name, count] of Object.entries(counters))
    if (name.startsWith(prefix)) buckets[Number(name.slice(prefix.length))] = count;
  return buckets;
}

function added(a: MetricSums, b: MetricSums): MetricSums {
  const buckets: Record<number, number> = { ...a.buckets };
  for (const [bucket, count] of Object.entries(b.buckets))
    buckets[Number(bucket)] = (buckets[Number(bucket)] ?? 0) + count;
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    sumOfSquares: a.sumOfSquares + b.sumOfSquares,
    denominator: a.denominator + b.denominator,
    denominatorSquares: a.denominatorSquares + b.denominatorSquares,
    products: a.products + b.products,
    any: a.any + b.any,
    contrast: a.contrast + b.contrast,
    contrastSquares: a.contrastSquares + b.contrastSquares,
    buckets,
  };
}

/** The integers of a bucket, whose ends grow by the fourth root of two from one. Bucket 0 is one itself. */
const bucketSpan = (bucket: number): readonly [number, number] =>
  bucket === 0
    ? [1, 1]
    : [Math.floor(2 ** ((bucket - 1) / 4) + 1e-6) + 1, Math.max(1, Math.floor(2 ** (bucket / 4) + 1e-6))];

/**
 * Σ x³ from the histogram, with every integer of a bucket as likely as the next and none above the cap, then moved by as much as
 * the same reading of Σ x² is off the sum that is known. Exact up to 6, and within two percent for the e-mail campaign, whose
 * amounts heap at one price. Only a skewness is made of it.
 */
export function sumOfCubes(
  { buckets, sumOfSquares }: Pick<MetricSums, 'buckets' | 'sumOfSquares'>,
  cap: number,
): number {
  let [squares, cubes] = [0, 0];
  for (const [bucket, count] of Object.entries(buckets)) {
    const [first, last] = bucketSpan(Number(bucket));
    const [low, high] = [Math.min(first, cap), Math.min(Math.max(first, last), cap)];
    // Moments of the integers from low to high: their middle, and how many there are.
    const [middle, width] = [(low + high) / 2, high - low + 1];
    squares += count * (middle ** 2 + (width * width - 1) / 12);
    cubes += count * (middle ** 3 + (middle * (width * width - 1)) / 4);
  }
  return squares > 0 ? cubes * (sumOfSquares / squares) ** 1.5 : 0;
}

/** Visitors in the bucket of the cap: those at the cap are among them, so it is the most they can be. */
export const atMostAtCap = (buckets: Readonly<Record<number, number>>, cap: number): number =>
  buckets[cap <= 1 ? 0 : Math.ceil(4 * Math.log2(cap) - 1e-9)] ?? 0;
