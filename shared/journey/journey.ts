import type { Signal } from './signal.ts';

/** How a visitor came in. `step` when a step or a commitment was heard of before any assignment. */
export type Source = 'redirect' | 'api' | 'link' | 'edge' | 'step';

/**
 * The first time of a step, in ms since 1970, and what it was worth: the first amount anyone named, in the smallest unit
 * of the currency. The two are kept apart because a page says "bought" before the billing system says for how much.
 */
export type StepTime = { readonly at: number; readonly value?: Value };
export type Value = { readonly amount: number; readonly at: number };

/**
 * All that one visitor did in one experiment. Also the shape of a single event: an event is a journey with one thing in it,
 * and a journey is its events merged.
 *
 * The facts of the assignment (variant to segments) are frozen by whoever writes first, each segment by whoever first knows it: an
 * event that says nothing of the visitor leaves them to an assignment that is still on its way. All else only ever moves one way,
 * times to earlier and signals to more, which is what makes order and repetition irrelevant.
 */
export type Journey = AssignmentFacts & {
  readonly experiment: string;
  readonly visitor: string;
  /** First exposure, ms. Absent while only steps have been heard of. */
  readonly assignedAt?: number;
  /** First sign of the visitor on the landing page, ms. */
  readonly arrivedAt?: number;
  readonly signals: readonly Signal[];
  readonly steps: Readonly<Record<string, StepTime>>;
  /**
   * First times, ms, at which the link of a step was opened by something not yet shown to be a person: mail scanners open
   * links too. No step is reached by it; an interaction on the landing page, or any later step, is what shows a person.
   */
  readonly scans?: Readonly<Record<string, number>>;
  /** What looked odd about those openings, as `step:reason`. */
  readonly scanReasons?: readonly string[];
  /** What was done again and again, by `activity#key`; the key is made of the event's id, so that each counts once. */
  readonly commitments?: Readonly<Record<string, StepTime>>;
  /**
   * First times, ms, at which others replied to a commitment, by its `activity#key` and how deep in the thread below it:
   * `activity#key#1` for a reply to it, `#2` for a reply to that.
   */
  readonly replies?: Readonly<Record<string, number>>;
  /** The visitor under whose id this one became known. What was counted here is counted there, and here nothing is. */
  readonly mergedInto?: string;
  /** The ids this visitor had before they were known. */
  readonly mergedFrom?: readonly string[];
  /** One of those ids had another variant: this person has seen two, and is counted under the one they were known with. */
  readonly conflict?: boolean;
};

export type AssignmentFacts = {
  readonly variant: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly revision: number;
  readonly source: Source;
  readonly segments: Readonly<Record<string, string>>;
};

/**
 * Two accounts of one visitor as one. Commutative, associative and idempotent where the facts of the assignment agree;
 * where they do not, because weights changed in between, the first argument is the one the visitor has seen and wins.
 */
export function merge(known: Journey, news: Journey): Journey {
  return {
    ...known,
    segments: { ...news.segments, ...known.segments },
    ...earliest('assignedAt', known, news),
    ...earliest('arrivedAt', known, news),
    signals: union(known.signals, news.signals),
    steps: mergeSteps(known.steps, news.steps),
    ...((known.scans || news.scans) && { scans: firstTimes(known.scans ?? {}, news.scans ?? {}) }),
    ...((known.scanReasons || news.scanReasons) && {
      scanReasons: union(known.scanReasons ?? [], news.scanReasons ?? []),
    }),
    ...((known.commitments || news.commitments) && {
      commitments: mergeSteps(known.commitments ?? {}, news.commitments ?? {}),
    }),
    ...((known.replies || news.replies) && { replies: firstTimes(known.replies ?? {}, news.replies ?? {}) }),
    ...mergeIdentity(known, news),
  };
}

/**
 * When the visitor's time begins: the first exposure, or failing that the first thing they were heard to do. What others
 * replied to them says when only where nothing else does.
 */
export function enteredAt(journey: Journey): number {
  if (journey.assignedAt !== undefined) return journey.assignedAt;
  const { arrivedAt = Infinity, steps, scans = {}, commitments = {}, replies = {} } = journey;
  const done = [...Object.values(steps), ...Object.values(commitments)].map(({ at }) => at);
  const first = Math.min(arrivedAt, ...done, ...Object.values(scans));
  return first === Infinity ? Math.min(...Object.values(replies)) : first;
}

type Moment = 'assignedAt' | 'arrivedAt';

function earliest(moment: Moment, a: Journey, b: Journey): Partial<Record<Moment, number>> {
  const at = Math.min(a[moment] ?? Infinity, b[moment] ?? Infinity);
  return at === Infinity ? {} : { [moment]: at };
}

const union = <T extends string>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])].sort();

/** Of two ids it is said to have become the smaller, so that the answer has no order in it; stores let only one be said. */
function mergeIdentity(a: Journey, b: Journey): Pick<Journey, 'mergedInto' | 'mergedFrom' | 'conflict'> {
  const [mergedInto] = [a.mergedInto, b.mergedInto].filter((id) => id !== undefined).sort();
  return {
    ...(mergedInto !== undefined && { mergedInto }),
    ...((a.mergedFrom || b.mergedFrom) && { mergedFrom: union(a.mergedFrom ?? [], b.mergedFrom ?? []) }),
    ...((a.conflict || b.conflict) && { conflict: true }),
  };
}

function firstTimes(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const times: Record<string, number> = { ...a };
  for (const [name, at] of Object.entries(b)) times[name] = Math.min(Object.hasOwn(a, name) ? (a[name] ?? at) : at, at);
  return times;
}

function mergeSteps(a: Journey['steps'], b: Journey['steps']): Journey['steps'] {
  const steps: Record<string, StepTime> = { ...a };
  for (const [step, news] of Object.entries(b)) {
    // An own property only: a step may be called `constructor`.
    const known = Object.hasOwn(a, step) ? a[step] : undefined;
    if (known === undefined) steps[step] = news;
    else {
      const value = firstValue(known.value, news.value);
      steps[step] = { at: Math.min(known.at, news.at), ...(value && { value }) };
    }
  }
  return steps;
}

/** The earlier amount; of two named at one instant the larger, so that the answer has no order in it. */
function firstValue(a: Value | undefined, b: Value | undefined): Value | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return a.amount > b.amount ? a : b;
}
