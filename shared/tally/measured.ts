import type { Measure, Rung, Sequence } from '../experiment/sequence.ts';
import { HOUR_MS, WEEK_MS } from '../experiment/time.ts';
import { activityOfKey, readReplyKey } from '../journey/commitment.ts';
import { enteredAt, type Journey, type Value } from '../journey/journey.ts';

/**
 * How long before the visitor entered a commitment may seem to be made and is taken as made at that instant: clocks differ. An
 * older one does not count. Unlike a step, a commitment can be made by somebody who is not in the experiment yet.
 */
const CLOCKS_DIFFER_MS = HOUR_MS;

/**
 * What a metric is of one visitor, in integers: `x`; of ratios with their denominator `d`; of a return with the weeks, from 1,
 * in which the visitor came back.
 */
export type Measured = { readonly x: number; readonly d?: number; readonly weeks?: readonly number[] };

/** A commitment as measuring sees it. Times are ms since the visitor entered. */
type Commitment = {
  readonly activity: string;
  readonly afterMs: number;
  readonly value: Value | undefined;
  readonly replies: readonly { readonly depth: number; readonly afterMs: number }[];
};

/**
 * Measures one visitor by every metric of a sequence. Only what happened up to a metric's horizon counts, so that what is mature
 * stays as it is; of a response also what was replied in time to a commitment made up to there.
 *
 * A gap is read as if nothing else came. That is true once it is mature, and says little before.
 */
export function measured(journey: Journey, sequence: Sequence): (readonly [Measure, Measured])[] {
  if (sequence.metrics === undefined) return [];
  const start = enteredAt(journey);
  const all = commitmentsOf(journey, start);
  const ladder = Object.hasOwn(sequence.ladders, journey.variant) ? (sequence.ladders[journey.variant] ?? []) : [];
  return sequence.metrics.map((metric) => {
    const within = all.filter(({ afterMs }) => afterMs <= metric.horizonMs);
    if (metric.kind === 'value')
      return [metric, worthOf(journey, ladder, within, start + metric.horizonMs, metric.cap)];
    return [
      metric,
      ofActivity(
        metric,
        within.filter(({ activity }) => activity === metric.activity),
      ),
    ];
  });
}

function commitmentsOf({ commitments = {}, replies = {} }: Journey, start: number): Commitment[] {
  const repliesTo = new Map<string, Commitment['replies'][number][]>();
  for (const [key, at] of Object.entries(replies)) {
    const { commitment, depth } = readReplyKey(key);
    const reply = { depth, afterMs: at - start };
    const known = repliesTo.get(commitment);
    if (known) known.push(reply);
    else repliesTo.set(commitment, [reply]);
  }
  return Object.entries(commitments)
    .filter(([, { at }]) => at >= start - CLOCKS_DIFFER_MS)
    .map(([key, { at, value }]) => ({
      activity: activityOfKey(key),
      afterMs: Math.max(0, at - start),
      value,
      replies: repliesTo.get(key) ?? [],
    }));
}

/** Steps of the visitor's own ladder and commitments of any activity, what they were worth together, at most the cap. */
function worthOf(
  { steps }: Journey,
  ladder: readonly Rung[],
  commitments: readonly Commitment[],
  until: number,
  cap: number,
): Measured {
  const taken = ladder.flatMap(({ step }) => (Object.hasOwn(steps, step) ? (steps[step] ?? []) : []));
  const values = [...taken.filter(({ at }) => at <= until), ...commitments].map(({ value }) => value);
  const named = values.filter((value) => value !== undefined && value.at <= until);
  return {
    x: Math.min(
      cap,
      named.reduce((sum, value) => sum + (value?.amount ?? 0), 0),
    ),
  };
}

function ofActivity(metric: Exclude<Measure, { kind: 'value' }>, commitments: readonly Commitment[]): Measured {
  switch (metric.kind) {
    case 'count':
      return { x: Math.min(metric.cap, commitments.length) };
    case 'return': {
      const weeks = new Set(commitments.map(({ afterMs }) => Math.floor(afterMs / WEEK_MS) + 1));
      weeks.delete(metric.weeks + 1); // the very instant at which the last week ends
      return { x: weeks.size, weeks: [...weeks].sort((a, b) => a - b) };
    }
    case 'gap':
      return { x: Math.floor(longestGap(commitments, metric.horizonMs) / HOUR_MS) };
    case 'response': {
      const { withinMs = 0 } = metric;
      const answered = commitments.filter(({ afterMs, replies }) =>
        replies.some((reply) => reply.afterMs - afterMs <= withinMs),
      );
      return { x: answered.length, d: commitments.length };
    }
    case 'depth': {
      const deepest = ({ replies }: Commitment) =>
        replies.reduce((most, { depth, afterMs }) => (afterMs <= metric.horizonMs ? Math.max(most, depth) : most), 0);
      return { x: commitments.reduce((sum, each) => sum + deepest(each), 0), d: commitments.length };
    }
  }
}

/** From the entry to the horizon, ms. */
function longestGap(commitments: readonly Commitment[], horizonMs: number): number {
  const times = [0, ...commitments.map(({ afterMs }) => afterMs), horizonMs].sort((a, b) => a - b);
  return times.reduce((longest, time, i) => Math.max(longest, time - (times[i - 1] ?? time)), 0);
}
