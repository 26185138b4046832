import type { Attributes } from '../experiment/packed.ts';
import { type Measure, matureAfterMs, type Sequence } from '../experiment/sequence.ts';
import { commitmentKey, replyKey } from '../journey/commitment.ts';
import type { AssignmentFacts, Journey } from '../journey/journey.ts';
import type { Signal } from '../journey/signal.ts';
import type { ServedBefore } from './assign-visitor.ts';

/**
 * What a site tells: a step was taken, a variant was shown, the landing page was seen, someone moved a pointer, the visitor did
 * something again, or somebody replied to that.
 */
export type VisitorEvent = {
  readonly type: 'step' | 'exposure' | 'arrival' | 'interaction' | 'commitment' | 'reply';
  readonly eventId?: string | undefined;
  readonly experiment: string;
  readonly visitor: string;
  readonly step?: string | undefined;
  readonly activity?: string | undefined;
  /** The event id of the commitment that was replied to, and how deep below it. */
  readonly to?: string | undefined;
  readonly depth?: number | undefined;
  /** Client time, ms; the server's when absent. */
  readonly at?: number | undefined;
  /** In the smallest unit of the currency. */
  readonly value?: number | undefined;
  readonly attributes?: Attributes | undefined;
  /** What the visitor was served and when, where a token of ours says so: it outranks what the weights say now. */
  readonly served?: ServedBefore | undefined;
};

type Type = VisitorEvent['type'];

/** The journey of one event: what is known of a visitor of whom nothing else is. */
export function pieceOf(event: VisitorEvent, at: number, facts: AssignmentFacts, signals: readonly Signal[]): Journey {
  const { type, step } = event;
  const time = { at, ...(event.value !== undefined && { value: { amount: event.value, at } }) };
  return {
    ...facts,
    experiment: event.experiment,
    visitor: event.visitor,
    ...(type === 'exposure' && { assignedAt: at }),
    ...((type === 'arrival' || type === 'interaction') && { arrivedAt: at }),
    signals: type === 'interaction' ? [...new Set([...signals, 'interaction' as const])].sort() : signals,
    steps: (type === 'step' || type === 'interaction') && step !== undefined ? { [step]: time } : {},
    ...(type === 'commitment' && { commitments: { [commitmentOf(event)]: time } }),
    ...(type === 'reply' && { replies: { [replyOf(event)]: at } }),
  };
}

/** Whether a journey holds what the event told: a full one takes no new commitments and replies. */
export function hasTaken({ commitments = {}, replies = {} }: Journey, event: VisitorEvent): boolean {
  if (event.type === 'commitment') return Object.hasOwn(commitments, commitmentOf(event));
  return event.type !== 'reply' || Object.hasOwn(replies, replyOf(event));
}

const commitmentOf = ({ activity = '', eventId = '' }: VisitorEvent) => commitmentKey(activity, eventId);
const replyOf = ({ activity = '', to = '', depth = 1 }: VisitorEvent) => replyKey(activity, to, depth);

/**
 * A journey may begin with what belongs to it. A step of another variant is no reason to count anyone in, and neither is a reply:
 * that is somebody else's doing.
 */
export function begins({ type, step, activity = '' }: VisitorEvent, variant: string, sequence?: Sequence): boolean {
  if (type === 'step') return sequence?.ladders[variant]?.some((rung) => rung.step === step) ?? false;
  if (type === 'commitment') return activitiesIn(sequence, type).includes(activity);
  return type !== 'reply';
}

/** How long after its visitor entered an event still counts anywhere, ms. Events without a window count whenever they come. */
export function countsFor(event: VisitorEvent, variant: string, sequence?: Sequence): number {
  const { type, step, activity, value } = event;
  if (type !== 'step' && type !== 'commitment' && type !== 'reply') return Infinity;
  const rungs = sequence?.ladders[variant]?.filter((rung) => type === 'step' && rung.step === step) ?? [];
  const metrics = sequence?.metrics?.filter((metric) =>
    metric.kind === 'value'
      ? type !== 'reply' && value !== undefined
      : counts(metric, type) && metric.activity === activity,
  );
  const horizons = (metrics ?? []).map((metric) => (type === 'reply' ? matureAfterMs(metric) : metric.horizonMs));
  return Math.max(...rungs.map(({ windowMs }) => windowMs), ...horizons);
}

/** The activities of which a sequence counts commitments, or replies. */
export const activitiesIn = (sequence: Sequence | undefined, type: Type): string[] =>
  (sequence?.metrics ?? []).flatMap((metric) =>
    metric.kind !== 'value' && counts(metric, type) ? metric.activity : [],
  );

const counts = ({ kind }: Measure, type: Type): boolean =>
  type === 'commitment' || (type === 'reply' && (kind === 'response' || kind === 'depth'));
