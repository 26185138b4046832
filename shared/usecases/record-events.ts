import { isDeepStrictEqual } from 'node:util';
import { type Assignment, assign } from '../assignment/assign.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Attributes } from '../experiment/packed.ts';
import { HOUR_MS } from '../experiment/time.ts';
import { enteredAt, type Journey, merge } from '../journey/journey.ts';
import type { Signal } from '../journey/signal.ts';
import { storeBusy } from '../problem/store-busy.ts';
import { factsOf } from './assign-visitor.ts';
import type { LiveExperiment, LiveExperiments } from './live-experiments.ts';
import type { Clock, Journeys } from './ports.ts';
import { activitiesIn, begins, countsFor, hasTaken, pieceOf, type VisitorEvent } from './visitor-event.ts';

/** How far a client's clock may stand from ours. Times beyond are moved to the edge of the range, and the answer says so. */
export const CLOCK_RANGE = { pastMs: 48 * HOUR_MS, futureMs: 0 } as const;

/**
 * What became of one event.
 * - `recorded`: it added something; with `clamped` when its time was moved into the allowed range.
 * - `duplicate`: all it says was known.
 * - `late`: recorded, but after the window of its step or the horizon of every metric; it counts nowhere.
 * - `refused`: it counts nowhere, and why. Sending it again changes nothing.
 * - `failed`: whether it was recorded is not known; sending it again settles that, and counts it once either way.
 */
export type Answer = { readonly eventId?: string } & (
  | { readonly status: 'recorded'; readonly clamped?: true }
  | { readonly status: 'duplicate' | 'late' }
  | { readonly status: 'refused'; readonly code: RefusalCode; readonly message: string }
  | { readonly status: 'failed'; readonly code: FailureCode; readonly message: string }
);
export type RefusalCode =
  | 'experiment-unknown'
  | 'experiment-concluded'
  | 'step-unknown'
  | 'step-missing'
  | 'step-of-other-variant'
  | 'activity-unknown'
  | 'journey-full'
  | 'visitor-not-assigned';

/** `store-busy`: the store did not take it. `internal`: a fault of ours, which was reported. */
export type FailureCode = 'store-busy' | 'internal';

type Deps = { readonly journeys: Journeys; readonly live: LiveExperiments; readonly clock: Clock };
type Admitted = {
  readonly index: number;
  readonly event: VisitorEvent;
  readonly live: LiveExperiment;
  readonly at: number;
};

/**
 * Records a batch of events and answers for each in its place; what is wrong with one never touches another.
 * The events of one visitor are folded first, so a batch from one browser is one write, and they fail together: `report`
 * hears why.
 */
export async function recordEvents(
  { journeys, live, clock }: Deps,
  events: readonly VisitorEvent[],
  signals: readonly Signal[],
  report: (error: unknown) => void = () => {},
): Promise<Answer[]> {
  const now = clock();
  const answers = new Array<Answer>(events.length);
  const journeysOf = new Map<string, Admitted[]>();
  for (const [index, event] of events.entries()) {
    const found = await live(event.experiment);
    const refusal = found === undefined ? unknownExperiment(event) : refusalOf(event, found);
    if (found === undefined || refusal) {
      answers[index] = answer(event, refusal ?? unknownExperiment(event));
      continue;
    }
    const at = Math.min(Math.max(event.at ?? now, now - CLOCK_RANGE.pastMs), now + CLOCK_RANGE.futureMs);
    const key = JSON.stringify([event.experiment, event.visitor]);
    journeysOf.set(key, [...(journeysOf.get(key) ?? []), { index, event, live: found, at }]);
  }
  await Promise.all(
    [...journeysOf.values()].map(async (admitted) => {
      try {
        for (const [index, each] of await recordJourney(journeys, admitted, signals, now)) answers[index] = each;
      } catch (error) {
        report(error);
        for (const { index, event } of admitted) answers[index] = answer(event, failure(error));
      }
    }),
  );
  return answers;
}

/** Writes all events of one visitor at once, then reads off, event by event, what each of them added. */
async function recordJourney(
  journeys: Journeys,
  admitted: readonly Admitted[],
  signals: readonly Signal[],
  now: number,
): Promise<(readonly [number, Answer])[]> {
  const [first] = admitted;
  if (first === undefined) return [];
  const { live, event } = first;
  const attributes = Object.assign({}, ...admitted.map((each) => each.event.attributes ?? {})) as Attributes;
  const assignment = assign(live.packed, event.visitor, attributes, now);
  const served = admitted.find((each) => each.event.served)?.event.served;
  if (assignment.kind === 'assigned' && assignment.reason === 'forced')
    return admitted.map(({ index, event: each }) => [index, answer(each, forcedVisitor(each))] as const);

  const source = admitted.some((each) => each.event.type === 'exposure') ? 'api' : 'step';
  const asAssigned = factsOf(live, assignment.variant, { source, attributes }, served);
  // Who heard of a landing page before the log of the edge knows nothing of the visitor yet, and must not freeze that.
  const saysNothing = source === 'step' && Object.keys(attributes).length === 0;
  const facts = saysNothing ? { ...asAssigned, segments: {} } : asAssigned;
  const pieces = admitted.map((each) => pieceOf(each.event, each.at, facts, signals));
  const news = pieces.reduce(merge);
  const joins = assignment.kind === 'assigned' || served !== undefined;
  const sequence = sequenceAt(live, facts.sequence);
  const mayBegin = joins && admitted.some((each) => begins(each.event, facts.variant, sequence));
  const recorded = mayBegin ? await journeys.record(news) : await journeys.recordKnown(news);
  if (recorded === undefined)
    return admitted.map(
      ({ index, event: each }) =>
        [
          index,
          answer(each, joins ? beginsNothing(each, facts.variant) : notAssigned(each, assignment.reason)),
        ] as const,
    );

  let known = recorded.before;
  return admitted.map((each, i) => {
    const next = known ? merge(known, pieces[i] ?? news) : (pieces[i] ?? news);
    const outcome = outcomeOf(each, known, next, recorded.after);
    known = next;
    return [each.index, answer(each.event, outcome)] as const;
  });
}

const sequenceAt = ({ experiment }: LiveExperiment, version: number) =>
  experiment.sequences.find((sequence) => sequence.version === version);

type Outcome = Answer extends infer A ? (A extends Answer ? Omit<A, 'eventId'> : never) : never;

function outcomeOf({ event, live, at }: Admitted, before: Journey | undefined, next: Journey, after: Journey): Outcome {
  const sequence = sequenceAt(live, after.sequence);
  if (!hasTaken(after, event)) return journeyFull(event);
  // A journey of a newer sequence than the copy held here knows of: what is certain is that the event is kept.
  if (sequence !== undefined) {
    if (event.type === 'step' && !sequence.ladders[after.variant]?.some(({ step }) => step === event.step))
      return stepOfOther(event, after.variant);
    if (at > enteredAt(after) + countsFor(event, after.variant, sequence)) return { status: 'late' };
  }
  if (before !== undefined && isDeepStrictEqual(before, merge(before, next))) return { status: 'duplicate' };
  return at === (event.at ?? at) ? { status: 'recorded' } : { status: 'recorded', clamped: true };
}

function refusalOf(event: VisitorEvent, { experiment }: LiveExperiment): Outcome | undefined {
  if (experiment.status === 'concluded')
    return {
      status: 'refused',
      code: 'experiment-concluded',
      message: `${event.experiment} was concluded on ${new Date(experiment.concludedAt ?? 0).toISOString()}; its counts are closed`,
    };
  if (event.type === 'commitment' || event.type === 'reply') return unknownActivity(event, experiment);
  if (event.type !== 'step') return undefined;
  if (event.step === undefined)
    return { status: 'refused', code: 'step-missing', message: 'an event of type step needs the id of the step' };
  const known = experiment.sequences.some(({ ladders }) =>
    Object.values(ladders).some((rungs) => rungs.some(({ step }) => step === event.step)),
  );
  if (known) return undefined;
  const steps = [...new Set(experiment.definition.variants.flatMap((variant) => variant.steps.map(({ id }) => id)))];
  return {
    status: 'refused',
    code: 'step-unknown',
    message: `${event.experiment} has no step ${event.step}; its steps are ${steps.join(', ')}`,
  };
}

function unknownActivity({ type, experiment: id, activity = '' }: VisitorEvent, { sequences }: Experiment) {
  const known = new Set(sequences.flatMap((sequence) => activitiesIn(sequence, type)));
  if (known.has(activity)) return undefined;
  const named = known.size > 0 ? `there are ${[...known].join(', ')}` : 'there are none';
  return {
    status: 'refused',
    code: 'activity-unknown',
    message: `no metric of ${id} measures a ${type} of ${activity}; of the activities it does, ${named}`,
  } satisfies Outcome;
}

const failure = (error: unknown): Outcome =>
  storeBusy(error)
    ? { status: 'failed', code: 'store-busy', message: 'the store did not take it at the moment; send it again' }
    : {
        status: 'failed',
        code: 'internal',
        message: 'something went wrong on our side and was reported; send it again',
      };

const unknownExperiment = (event: VisitorEvent): Outcome => ({
  status: 'refused',
  code: 'experiment-unknown',
  message: `no started experiment is called ${event.experiment}`,
});

const stepOfOther = (event: VisitorEvent, variant: string): Outcome => ({
  status: 'refused',
  code: 'step-of-other-variant',
  message: `${event.step} is no step of ${variant}, the variant this visitor has; it counts nowhere`,
});

const journeyFull = (event: VisitorEvent): Outcome => ({
  status: 'refused',
  code: 'journey-full',
  message: `this visitor has all the ${event.type === 'reply' ? 'replies' : 'commitments'} that one journey holds; new ones are not kept`,
});

const beginsNothing = (event: VisitorEvent, variant: string): Outcome =>
  event.type === 'step'
    ? stepOfOther(event, variant)
    : {
        status: 'refused',
        code: 'visitor-not-assigned',
        message: `nothing was heard of this visitor in ${event.experiment} yet, and a ${event.type} like this begins nothing`,
      };

const notAssigned = ({ experiment }: VisitorEvent, reason: Assignment['reason']): Outcome => ({
  status: 'refused',
  code: 'visitor-not-assigned',
  message:
    reason === 'held-out'
      ? `this visitor is held out of all experiments, of ${experiment} too, and counted in none`
      : reason === 'excluded'
        ? `this visitor is left to the other experiments of the layer that ${experiment} is in`
        : `this visitor is not in ${experiment}; assign it first, or send the attributes its audience asks for`,
});

const forcedVisitor = (event: VisitorEvent): Outcome => ({
  status: 'refused',
  code: 'visitor-not-assigned',
  message: `this visitor is forced to a variant of ${event.experiment} for preview, and is never counted`,
});

const answer = (event: VisitorEvent, outcome: Outcome): Answer =>
  event.eventId === undefined ? outcome : { eventId: event.eventId, ...outcome };
