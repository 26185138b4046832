import { type Measure, matureAfterMs, type Sequence } from '../experiment/sequence.ts';
import { amountBucket, integersIn } from './amount-bucket.ts';
import { isMature } from './cohort-day.ts';
import type { Cohort, Where } from './counts.ts';
import { productOf } from './exact-product.ts';
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
  /** Of `return`: visitors with a commitment in each week, the first at 0. */
  readonly weeks: readonly number[];
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

/**
 * The cohorts of each metric, oldest first, over the cells of the sequence that satisfy `where`. All metrics in one walk: a tally
 * of many segments has tens of thousands of cells.
 */
export function metricCohorts(
  tally: Tally,
  sequence: Sequence,
  measures: readonly Measure[],
  where: Where,
): MetricCohort[][] {
  type Growing = { epoch: number; day: number; variants: Record<string, GrowingSums> };
  const growing = measures.map((measure) => ({ names: namesOf(measure), cohorts: new Map<string, Growing>() }));
  for (const [key, counters] of tally) {
    const cell = parseCellKey(key);
    if (cell.sequence !== sequence.version || sequence.ladders[cell.variant] === undefined || !where(cell)) continue;
    const id = `${cell.day}#${cell.epoch}`;
    for (const { names, cohorts } of growing) {
      const cohort = cohorts.get(id) ?? { epoch: cell.epoch, day: cell.day, variants: {} };
      cohort.variants[cell.variant] ??= noSums();
      const sums = cohort.variants[cell.variant];
      if (sums) addCounters(sums, counters, names);
      cohorts.set(id, cohort);
    }
  }
  return growing.map(({ cohorts }) => [...cohorts.values()].sort((a, b) => a.day - b.day || a.epoch - b.epoch));
}

/** Who had a commitment in a week, from 1, in the shape in which rates are compared. */
export const weekCohorts = (cohorts: readonly MetricCohort[], week: number): Cohort[] =>
  cohorts.map(({ epoch, day, variants }) => {
    const of = (count: (sums: MetricSums) => number) =>
      Object.fromEntries(Object.entries(variants).map(([variant, sums]) => [variant, count(sums)]));
    return { epoch, day, visitors: of(({ count }) => count), goals: of(({ weeks }) => weeks[week - 1] ?? 0) };
  });

/** One variant over cohorts. */
export function metricTotal(cohorts: readonly MetricCohort[], variant: string): MetricSums {
  const total = noSums();
  for (const { variants } of cohorts) {
    const sums = variants[variant];
    if (sums) addSums(total, sums);
  }
  return total;
}

/** Sums under construction: tallies have many cells, and copying a histogram for each would be most of a report's time. */
type GrowingSums = { -readonly [Key in keyof Omit<MetricSums, 'buckets' | 'weeks'>]: number } & {
  readonly buckets: Record<number, number>;
  readonly weeks: number[];
};

const noSums = (): GrowingSums => ({
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
  weeks: [],
});

/** The names of a metric's counters, made once for all cells. */
const namesOf = (measure: Measure) => {
  const of = (name: string) => `m:${measure.id}:${name}`;
  const product = (name: string) => ({ low: of(name), high: of(`${name}High`) });
  return {
    x: of('x'),
    xx: product('xx'),
    ratio: isRatio(measure) ? { d: of('d'), dd: product('dd'), xd: product('xd') } : undefined,
    any: of('any'),
    contrast: measure.kind === 'return' ? { c: of('c'), cc: product('cc') } : undefined,
    weeks: measure.kind === 'return' ? Array.from({ length: measure.weeks }, (_, i) => of(`w${i + 1}`)) : [],
    bucket: measure.kind === 'value' || measure.kind === 'count' ? of('h') : undefined,
  };
};

function addCounters(sums: GrowingSums, counters: Counters, names: ReturnType<typeof namesOf>): void {
  const of = (name: string) => counters[name] ?? 0;
  const product = ({ low, high }: { low: string; high: string }) => productOf(counters[low], counters[high]);
  const [count, x, any] = [counters.n ?? 0, of(names.x), of(names.any)];
  sums.count += count;
  sums.sum += x;
  sums.sumOfSquares += product(names.xx);
  sums.denominator += names.ratio ? of(names.ratio.d) : count;
  sums.denominatorSquares += names.ratio ? product(names.ratio.dd) : count;
  sums.products += names.ratio ? product(names.ratio.xd) : x;
  sums.any += any;
  if (names.contrast) {
    sums.contrast += of(names.contrast.c);
    sums.contrastSquares += product(names.contrast.cc);
  }
  names.weeks.forEach((name, i) => {
    sums.weeks[i] = (sums.weeks[i] ?? 0) + of(name);
  });
  if (names.bucket === undefined || any === 0) return;
  for (const name in counters) {
    if (!name.startsWith(names.bucket)) continue;
    const bucket = Number(name.slice(names.bucket.length));
    sums.buckets[bucket] = (sums.buckets[bucket] ?? 0) + of(name);
  }
}

function addSums(total: GrowingSums, { buckets, weeks, ...numbers }: MetricSums): void {
  for (const name of Object.keys(numbers) as (keyof typeof numbers)[]) total[name] += numbers[name];
  for (const bucket in buckets) total.buckets[bucket] = (total.buckets[bucket] ?? 0) + (buckets[bucket] ?? 0);
  weeks.forEach((count, i) => {
    total.weeks[i] = (total.weeks[i] ?? 0) + count;
  });
}

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
    const [first, last] = integersIn(Number(bucket));
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
  buckets[amountBucket(cap)] ?? 0;
