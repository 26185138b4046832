import type { Variant } from '../experiment/definition.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { kaplanMeier, type Observation, type SurvivalCurve, survivalAt } from '../statistics/survival.ts';
import { bucketEndSeconds, bucketMiddleSeconds } from '../tally/duration.ts';
import { type Cell, parseCellKey, type Tally } from '../tally/tally.ts';
import type { Estimate } from './report.ts';

/** How long visitors take from one counted step to the next, those still waiting included. */
export type TimeOnStep = {
  readonly variant: string;
  readonly step: string;
  readonly name: string;
  /** The counted step below; null: the assignment. */
  readonly from: string | null;
  readonly times: Times;
};

export type Times =
  | {
      readonly kind: 'estimated';
      readonly visitors: number;
      readonly events: number;
      /** When half have taken the step; null when fewer than half ever do. */
      readonly medianSeconds: number | null;
      /** Share that took the step within a time; a time nobody was watched for is left out. */
      readonly within: readonly { readonly seconds: number; readonly share: Estimate }[];
      readonly curve: readonly { readonly seconds: number; readonly waiting: number }[];
    }
  /** Too few took the step; or all took the same time, as made-up times do: neither says anything about people. */
  | { readonly kind: 'too-few' | 'all-alike'; readonly events: number }
  /** The step was taken, and nobody knows when. */
  | { readonly kind: 'unknown' };

const FEWEST_EVENTS = 20;
const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const WITHIN = [MINUTE, 10 * MINUTE, HOUR, DAY, 7 * DAY];

export function timesOnStep(
  tally: Tally,
  variants: readonly Variant[],
  sequence: Sequence,
  counted: (cell: Cell) => boolean,
): TimeOnStep[] {
  return variants.flatMap((variant) => {
    const counters = countersOf(
      tally,
      (cell) => cell.variant === variant.id && cell.sequence === sequence.version && counted(cell),
    );
    let below = { rung: 0, name: null as string | null };
    return variant.steps.flatMap((step, index): TimeOnStep[] => {
      if (!step.observed) return [];
      const rung = index + 1;
      const windowSeconds = (sequence.ladders[variant.id]?.[index]?.windowMs ?? sequence.windowMs) / 1000;
      const times = timesOf(counters, below.rung, rung, windowSeconds);
      const row = { variant: variant.id, step: step.id, name: step.name, from: below.name, times };
      below = { rung, name: step.name };
      return [row];
    });
  });
}

function countersOf(tally: Tally, where: (cell: Cell) => boolean): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [key, counters] of tally) {
    if (!where(parseCellKey(key))) continue;
    for (const [name, count] of Object.entries(counters))
      if (/^[dwf]\d/.test(name)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return sums;
}

function timesOf(counters: ReadonlyMap<string, number>, below: number, rung: number, windowSeconds: number): Times {
  const took = bucketsOf(counters, `d${rung}:`);
  const waits = bucketsOf(counters, `w${below}:`);
  const events = took.reduce((sum, [, count]) => sum + count, 0);
  if (events === 0 && reachedOf(counters, rung) > 0) return { kind: 'unknown' };
  if (events < FEWEST_EVENTS) return { kind: 'too-few', events };
  if (took.length < 2) return { kind: 'all-alike', events };
  const curve = kaplanMeier([
    ...took.map(
      ([bucket, count]): Observation => ({
        fromSeconds: bucket === 0 ? 0 : bucketEndSeconds(bucket - 1),
        atSeconds: bucketEndSeconds(bucket),
        events: count,
        censored: 0,
      }),
    ),
    // Who stopped below was watched from when they came there until the window closed.
    ...waits.map(
      ([bucket, count]): Observation => ({
        atSeconds: Math.max(1, windowSeconds - (below === 0 ? 0 : bucketMiddleSeconds(bucket))),
        events: 0,
        censored: count,
      }),
    ),
  ]);
  return curve.kind === 'estimated' ? estimated(curve) : { kind: 'too-few', events };
}

function estimated(curve: SurvivalCurve): Times {
  return {
    kind: 'estimated',
    visitors: curve.visitors,
    events: curve.events,
    medianSeconds: curve.medianSeconds,
    within: WITHIN.flatMap((seconds) => {
      const at = survivalAt(curve, seconds);
      if (at.kind !== 'estimated') return [];
      return [{ seconds, share: { mean: 1 - at.waiting, low: 1 - at.interval.high, high: 1 - at.interval.low } }];
    }),
    curve: [
      { seconds: 0, waiting: 1 },
      ...curve.steps.map(({ atSeconds, waiting }) => ({ seconds: atSeconds, waiting })),
    ],
  };
}

const reachedOf = (counters: ReadonlyMap<string, number>, rung: number): number =>
  [...counters].reduce(
    (sum, [name, count]) => (name.startsWith('f') && Number(name.slice(1)) >= rung ? sum + count : sum),
    0,
  );

const bucketsOf = (counters: ReadonlyMap<string, number>, prefix: string): (readonly [number, number])[] =>
  [...counters]
    .filter(([name, count]) => name.startsWith(prefix) && count > 0)
    .map(([name, count]) => [Number(name.slice(prefix.length)), count] as const)
    .sort(([a], [b]) => a - b);
