import type { Definition } from './definition.ts';

const DAY_MS = 86_400_000;

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
};

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
  };
}

/** True when both measure alike, so that journeys of the one may be counted with those of the other. */
export function measuresAlike(a: Sequence, b: Sequence): boolean {
  return measure(a) === measure(b);
}

const measure = ({ windowMs, control, goal, ladders }: Sequence): string =>
  JSON.stringify([
    windowMs,
    control,
    goal,
    Object.entries(ladders)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, rungs]) => [id, rungs.map((rung) => [rung.step, rung.observed, rung.windowMs])]),
  ]);
