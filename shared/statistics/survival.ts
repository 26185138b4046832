import type { Interval } from './beta.ts';
import { requireLevel } from './beta.ts';
import { normalQuantile } from './jstat.ts';

/**
 * Time on step as survival: how long until the next step, counting those who have not taken it yet.
 *
 * The average time of those who finished is short for a reason: the slow ones are not in it. Kaplan-Meier keeps everyone
 * in the denominator for exactly as long as they were watched.
 */
export type Observation = {
  /** Start of the bucket, where times are counted in buckets: (fromSeconds, atSeconds]. Absent for exact times. */
  readonly fromSeconds?: number;
  /** Time since the step below; the end of the bucket where there is one. */
  readonly atSeconds: number;
  /** Visitors who took the next step at this time. */
  readonly events: number;
  /** Visitors watched until this time who had not taken it. */
  readonly censored: number;
};

/** One time, or bucket of times, at which someone took the step. */
export type SurvivalStep = {
  readonly fromSeconds: number;
  readonly atSeconds: number;
  /** Watched and waiting; in a bucket, those censored in it count half. */
  readonly atRisk: number;
  readonly events: number;
  /** Share still waiting before, and from the end of this step on. */
  readonly waitingBefore: number;
  readonly waiting: number;
  /** Greenwood's sum Σ events / (atRisk (atRisk - events)), the variance of log waiting; null once nobody waits. */
  readonly greenwood: number | null;
};

export type SurvivalCurve = {
  readonly kind: 'estimated';
  readonly visitors: number;
  readonly events: number;
  readonly steps: readonly SurvivalStep[];
  /** Nobody was watched for longer; beyond it the curve says nothing, unless nobody waits any more. */
  readonly watchedSeconds: number;
  /** First time by which half have taken the step; null when the curve does not come down to one half. */
  readonly medianSeconds: number | null;
};

export type NoCurve = { readonly kind: 'insufficient'; readonly needed: 'a visitor' };

/**
 * The Kaplan-Meier curve: at each time the share waiting is multiplied by 1 - events / at risk.
 *
 * Events come before censorings of the same time, as someone censored at t was seen waiting at t. Times counted in buckets
 * make the life table of the same curve: who is censored in a bucket was at risk for half of it, and within the bucket the
 * curve falls in a straight line, so that a median is not rounded to the bucket (a fifth of its value, with four to the
 * octave).
 *
 * Censoring must not know about the outcome: cutting everyone at one clock time, or at the window's end, is such a censoring.
 * @see Kaplan & Meier, JASA 1958; Cutler & Ederer, Journal of Chronic Diseases 1958
 * @example kaplanMeier([{ atSeconds: 1, events: 1, censored: 1 }, { atSeconds: 2, events: 1, censored: 0 }])
 * // two of three wait from 1 s, nobody from 2 s; median 2 s
 */
export function kaplanMeier(observations: readonly Observation[]): SurvivalCurve | NoCurve {
  const times = inOrder(observations);
  const visitors = times.reduce((sum, { events, censored }) => sum + events + censored, 0);
  if (visitors === 0) return { kind: 'insufficient', needed: 'a visitor' };

  const steps: SurvivalStep[] = [];
  let [present, waiting, greenwood, watchedSeconds, total] = [visitors, 1, 0, 0, 0];
  for (const { fromSeconds, atSeconds, events, censored } of times) {
    if (events > 0) {
      const atRisk = fromSeconds === undefined ? present : present - censored / 2;
      const waitingBefore = waiting;
      waiting *= (atRisk - events) / atRisk;
      greenwood += events / (atRisk * (atRisk - events));
      const from = fromSeconds ?? atSeconds;
      const variance = waiting > 0 ? greenwood : null;
      steps.push({ fromSeconds: from, atSeconds, atRisk, events, waitingBefore, waiting, greenwood: variance });
    }
    present -= events + censored;
    total += events;
    watchedSeconds = atSeconds;
  }
  const medianSeconds = medianOf(steps);
  return { kind: 'estimated', visitors, events: total, steps, watchedSeconds, medianSeconds };
}

/** By time, and one observation per time, so that all its events are counted before its censorings. */
function inOrder(observations: readonly Observation[]): readonly Observation[] {
  const byTime = new Map<number, Observation>();
  for (const observation of observations) {
    if (observation.events + observation.censored === 0) continue;
    const known = byTime.get(observation.atSeconds);
    const events = observation.events + (known?.events ?? 0);
    const censored = observation.censored + (known?.censored ?? 0);
    byTime.set(observation.atSeconds, { ...observation, events, censored });
  }
  return [...byTime.values()].sort((a, b) => a.atSeconds - b.atSeconds);
}

function medianOf(steps: readonly SurvivalStep[]): number | null {
  // A product that is one half on paper, like two thirds of three quarters, may miss it by the last bit.
  const half = steps.find((step) => step.waiting <= 0.5 + 1e-12);
  if (half === undefined) return null;
  const share = (half.waitingBefore - 0.5) / (half.waitingBefore - half.waiting);
  return half.fromSeconds + Math.min(1, share) * (half.atSeconds - half.fromSeconds);
}

/** Why a curve has no answer: nobody was watched for that long. */
export type NotWatched = { readonly kind: 'not-watched'; readonly watchedSeconds: number };

/**
 * The share still waiting at a time, with Greenwood's interval on the log(-log) scale, which stays inside [0, 1].
 *
 * `1 - waiting` is the share that took the step within that time. Where everyone waits, or nobody, Greenwood has no
 * variance; the interval is then the exact one-sided bound of n visitors without an event: [(1 - level)^(1 / n), 1].
 * @see Greenwood 1926; Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 1.4
 * @example survivalAt(curve, 1).waiting // 2 / 3, for the curve of the example of kaplanMeier
 */
export function survivalAt(
  curve: SurvivalCurve,
  seconds: number,
  level = 0.95,
): { readonly kind: 'estimated'; readonly waiting: number; readonly interval: Interval } | NotWatched {
  requireLevel('survivalAt', level);
  if (beyond(curve, seconds)) return { kind: 'not-watched', watchedSeconds: curve.watchedSeconds };
  const index = curve.steps.findLastIndex((step) => step.fromSeconds < seconds || step.atSeconds <= seconds);
  const step = curve.steps[index];
  if (step === undefined)
    return { kind: 'estimated', waiting: 1, interval: { low: (1 - level) ** (1 / curve.visitors), high: 1 } };

  const past = step.atSeconds <= seconds ? 1 : (seconds - step.fromSeconds) / (step.atSeconds - step.fromSeconds);
  const waiting = step.waitingBefore + past * (step.waiting - step.waitingBefore);
  const variance = step.greenwood ?? (past < 1 ? (curve.steps[index - 1]?.greenwood ?? 0) : null);
  if (variance === null || variance === 0) {
    const none = (1 - level) ** (1 / step.atRisk);
    return { kind: 'estimated', waiting, interval: waiting === 0 ? { low: 0, high: 1 - none } : { low: 0, high: 1 } };
  }
  const z = normalQuantile((1 + level) / 2);
  const spread = Math.exp((z * Math.sqrt(variance)) / -Math.log(waiting));
  return { kind: 'estimated', waiting, interval: { low: waiting ** spread, high: waiting ** (1 / spread) } };
}

/** Nobody was watched for that long, and somebody was still waiting. */
const beyond = (curve: SurvivalCurve, seconds: number) =>
  seconds > curve.watchedSeconds && curve.steps.at(-1)?.waiting !== 0;

export type RestrictedMean = {
  readonly kind: 'estimated';
  readonly seconds: number;
  readonly variance: number;
  readonly interval: Interval;
};

/**
 * Restricted mean: the average time to the step, counting at most `horizonSeconds` for anyone.
 *
 * The area under the curve up to the horizon; its variance adds, over events, (area still to come)² events / (atRisk
 * (atRisk - events)). Unlike a mean it exists however many never take the step, and unlike a hazard ratio it is in seconds.
 *
 * Normal theory: asks for some tens of events before the horizon.
 * @see Royston & Parmar, BMC Medical Research Methodology 2013
 * @example restrictedMean(curve, 2).seconds // 5 / 3, for the curve of the example of kaplanMeier
 */
export function restrictedMean(
  curve: SurvivalCurve,
  horizonSeconds: number,
  level = 0.95,
): RestrictedMean | NotWatched {
  requireLevel('restrictedMean', level);
  if (beyond(curve, horizonSeconds)) return { kind: 'not-watched', watchedSeconds: curve.watchedSeconds };

  let [area, variance, until] = [0, 0, horizonSeconds];
  for (const step of curve.steps.toReversed()) {
    if (step.fromSeconds >= horizonSeconds) continue;
    const end = Math.min(step.atSeconds, horizonSeconds);
    const width = end - step.fromSeconds;
    const past = width > 0 ? width / (step.atSeconds - step.fromSeconds) : 1;
    const waitingAtEnd = step.waitingBefore + past * (step.waiting - step.waitingBefore);
    const slope = (width * (step.waitingBefore + waitingAtEnd)) / 2;
    area += waitingAtEnd * (until - end);
    // When everyone left takes the step there is no area to come, and no share of the variance either.
    const toCome = area + slope / 2;
    if (step.waiting > 0)
      variance += (past * toCome * toCome * step.events) / (step.atRisk * (step.atRisk - step.events));
    area += slope;
    until = step.fromSeconds;
  }
  area += until;
  return { kind: 'estimated', seconds: area, variance, interval: around(area, variance, level) };
}

/**
 * How much longer the treatment takes on average, counting at most `horizonSeconds`: treatment minus control, in seconds.
 *
 * Descriptive where the curves start at a step: those who came to it are not the same people in both variants.
 */
export function restrictedMeanDifference(
  control: SurvivalCurve,
  treatment: SurvivalCurve,
  horizonSeconds: number,
  level = 0.95,
): RestrictedMean | NotWatched {
  const a = restrictedMean(control, horizonSeconds, level);
  const b = restrictedMean(treatment, horizonSeconds, level);
  if (a.kind !== 'estimated') return a;
  if (b.kind !== 'estimated') return b;
  const [seconds, variance] = [b.seconds - a.seconds, a.variance + b.variance];
  return { kind: 'estimated', seconds, variance, interval: around(seconds, variance, level) };
}

function around(centre: number, variance: number, level: number): Interval {
  const halfWidth = normalQuantile((1 + level) / 2) * Math.sqrt(variance);
  return { low: centre - halfWidth, high: centre + halfWidth };
}
