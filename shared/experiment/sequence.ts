import type { Definition } from './definition.ts';
import type { Metric } from './metric.ts';
import { DAY_MS, HOUR_MS } from './time.ts';

/** One rung as measuring needs it: no names, no addresses. */
export type Rung = { readonly step: string; readonly observed: boolean; readonly windowMs: number };

/**
 * How journeys are measured: the ladder of every variant and the windows.
 * A change of any of it makes a new version. A journey keeps the version it began under, and versions are never pooled:
 * "reached rung 2" of one ladder is not the same fact as "reached rung 2" of another.
 */
export type Sequence = {
  readonly version: number;
  readonly since: number;
  readonly windowMs: number;
  readonly control: string;
  readonly goal: string;
  readonly ladders: Readonly<Record<string, readonly Rung[]>>;
  /** Absent in sequences from before there were metrics. */
  readonly metrics?: readonly Measure[];
};

/** A metric as measuring needs it. */
export type Measure = MeasureOf<Metric>;
type MeasureOf<M extends Metric> = M extends Metric
  ? Omit<M, 'name' | 'better' | 'guardrail' | 'days' | 'withinHours'> & {
      /** Time after assignment in which what a visitor does counts, ms. */
      readonly horizonMs: number;
      /** Of a response: the time in which a reply must come, ms. Such a metric is mature only that much later. */
      readonly withinMs?: number;
    }
  : never;

/** The sequence a definition asks for, as version `version` from the instant `since` (ms). */
export function defineSequence(definition: Definition, version: number, since: number): Sequence {
  const windowMs = definition.windowDays * DAY_MS;
  const ladders = definition.variants.map(({ id, steps }) => [
    id,
    steps.map((step) => ({
      step: step.id,
      observed: step.observed,
      windowMs: Math.min(windowMs, (step.windowDays ?? definition.windowDays) * DAY_MS),
    })),
  ]);
  return {
    version,
    since,
    windowMs,
    control: definition.control,
    goal: definition.goal,
    ladders: Object.fromEntries(ladders),
    ...(definition.metrics.length > 0 && {
      metrics: definition.metrics.map((metric) => defineMeasure(metric, windowMs)),
    }),
  };
}

function defineMeasure({ name: _, better: __, guardrail: ___, ...metric }: Metric, windowMs: number): Measure {
  if (metric.kind === 'return') return { ...metric, horizonMs: metric.weeks * 7 * DAY_MS };
  const { days, ...rest } = metric;
  const horizonMs = days === undefined ? windowMs : days * DAY_MS;
  if (rest.kind !== 'response') return { ...rest, horizonMs };
  const { withinHours, ...response } = rest;
  return { ...response, horizonMs, withinMs: withinHours * HOUR_MS };
}

/** Time after assignment at which a measure of a visitor is final, ms. */
export const matureAfterMs = ({ horizonMs, withinMs = 0 }: Measure): number => horizonMs + withinMs;

/** True when both measure alike, so that journeys of the one may be counted with those of the other. */
export function measuresAlike(a: Sequence, b: Sequence): boolean {
  return measure(a) === measure(b);
}

const measure = ({ windowMs, control, goal, ladders, metrics }: Sequence): string =>
  JSON.stringify([
    windowMs,
    control,
    goal,
    Object.entries(ladders)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, rungs]) => [id, rungs.map((rung) => [rung.step, rung.observed, rung.windowMs])]),
    ...(metrics ? [metrics] : []),
  ]);
