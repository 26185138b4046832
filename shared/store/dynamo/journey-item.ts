import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { JOURNEY_LIMITS } from '../../journey/commitment.ts';
import type { Journey, Source, StepTime } from '../../journey/journey.ts';
import type { Signal } from '../../journey/signal.ts';
import { experimentOfPartition } from './keys.ts';
import { TTL_ATTRIBUTE } from './tables.ts';

export type Item = Record<string, AttributeValue>;

/** Whatever has a first time becomes an attribute of its own, so that one update can set each without reading the others. */
const STEP = 'step#';
const VALUE = 'value#';
const SEGMENT = 'segment#';
const SCAN = 'scan#';
const COMMITMENT = 'did#';
const WORTH = 'worth#';
const REPLY = 'reply#';

/** The journey in an item or a stream image. Attributes that newer code may have added are left alone. */
export function journeyOf(item: Item): Journey {
  const steps: Record<string, StepTime> = {};
  const segments: Record<string, string> = {};
  const scans: Record<string, number> = {};
  const commitments: Record<string, StepTime> = {};
  const replies: Record<string, number> = {};
  for (const [name, attribute] of Object.entries(item)) {
    if (name.startsWith(STEP)) {
      const step = name.slice(STEP.length);
      steps[step] = stepTime(attribute, item[`${VALUE}${step}`]);
    } else if (name.startsWith(COMMITMENT)) {
      const key = name.slice(COMMITMENT.length);
      commitments[key] = stepTime(attribute, item[`${WORTH}${key}`]);
    } else if (name.startsWith(REPLY)) replies[name.slice(REPLY.length)] = Number(attribute.N);
    else if (name.startsWith(SCAN)) scans[name.slice(SCAN.length)] = Number(attribute.N);
    else if (name.startsWith(SEGMENT)) segments[name.slice(SEGMENT.length)] = attribute.S ?? '';
  }
  return {
    experiment: experimentOfPartition(item.pk?.S ?? ''),
    visitor: item.sk?.S ?? '',
    variant: item.variant?.S ?? '',
    sequence: Number(item.sequence?.N),
    epoch: Number(item.epoch?.N),
    revision: Number(item.revision?.N),
    source: (item.source?.S ?? 'step') as Source,
    segments,
    ...(item.assignedAt?.N && { assignedAt: Number(item.assignedAt.N) }),
    ...(item.arrivedAt?.N && { arrivedAt: Number(item.arrivedAt.N) }),
    signals: [...(item.signals?.SS ?? [])].sort() as Signal[],
    steps,
    ...(Object.keys(scans).length > 0 && { scans }),
    ...(item.scanReasons?.SS && { scanReasons: [...item.scanReasons.SS].sort() }),
    ...(Object.keys(commitments).length > 0 && { commitments }),
    ...(Object.keys(replies).length > 0 && { replies }),
    ...(item.mergedInto?.S !== undefined && { mergedInto: item.mergedInto.S }),
    ...(item.mergedFrom?.SS && { mergedFrom: [...item.mergedFrom.SS].sort() }),
    ...(item.conflict?.BOOL && { conflict: true }),
  };
}

function stepTime(attribute: AttributeValue, value: AttributeValue | undefined): StepTime {
  const [at, amount] = value?.L ?? [];
  return { at: Number(attribute.N), ...(at && amount && { value: { at: Number(at.N), amount: Number(amount.N) } }) };
}

/** The facts that a write sets only where nothing stands yet. */
export function frozenFacts(journey: Journey, expiresAtSeconds: number): Item {
  const item: Item = {
    variant: { S: journey.variant },
    sequence: { N: String(journey.sequence) },
    epoch: { N: String(journey.epoch) },
    revision: { N: String(journey.revision) },
    source: { S: journey.source },
    [TTL_ATTRIBUTE]: { N: String(expiresAtSeconds) },
  };
  for (const [name, value] of Object.entries(journey.segments)) item[`${SEGMENT}${name}`] = { S: value };
  return item;
}

/** True of the attributes that a journey may only have so many of. */
export const isCounted = (name: string): boolean => name.startsWith(COMMITMENT) || name.startsWith(REPLY);

/** Whether a journey takes no more commitments and replies. */
export function isFull(names: Iterable<string>): boolean {
  let commitments = 0;
  let replies = 0;
  for (const name of names) {
    if (name.startsWith(COMMITMENT)) commitments += 1;
    else if (name.startsWith(REPLY)) replies += 1;
  }
  return commitments >= JOURNEY_LIMITS.commitments || replies >= JOURNEY_LIMITS.replies;
}

/** The journey without the attributes that did not fit. */
export function without(journey: Journey, leftOut: ReadonlySet<string>): Journey {
  if (leftOut.size === 0) return journey;
  const kept = <T>(prefix: string, record: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !leftOut.has(`${prefix}${key}`)));
  const { commitments, replies, ...rest } = journey;
  const [fitting, heard] = [kept(COMMITMENT, commitments), kept(REPLY, replies)];
  return {
    ...rest,
    ...(Object.keys(fitting).length > 0 && { commitments: fitting }),
    ...(Object.keys(heard).length > 0 && { replies: heard }),
  };
}

/** The attribute of the time that an amount belongs to, where an attribute is an amount of a commitment. */
export const commitmentOfWorth = (name: string): string | undefined =>
  name.startsWith(WORTH) ? `${COMMITMENT}${name.slice(WORTH.length)}` : undefined;

/** What a step or a commitment was worth; in an item of `times` it comes right behind its time. */
export const isAmount = (name = ''): boolean => name.startsWith(VALUE) || name.startsWith(WORTH);

/** The attributes that a write sets where nothing stands yet, and that may then move to an earlier time. */
export function times(journey: Journey): Item {
  const item: Item = {};
  if (journey.assignedAt !== undefined) item.assignedAt = { N: String(journey.assignedAt) };
  if (journey.arrivedAt !== undefined) item.arrivedAt = { N: String(journey.arrivedAt) };
  for (const [step, at] of Object.entries(journey.scans ?? {})) item[`${SCAN}${step}`] = { N: String(at) };
  for (const [step, time] of Object.entries(journey.steps))
    addStepTime(item, `${STEP}${step}`, `${VALUE}${step}`, time);
  for (const [key, time] of Object.entries(journey.commitments ?? {}))
    addStepTime(item, `${COMMITMENT}${key}`, `${WORTH}${key}`, time);
  for (const [key, at] of Object.entries(journey.replies ?? {})) item[`${REPLY}${key}`] = { N: String(at) };
  return item;
}

function addStepTime(item: Item, name: string, valueName: string, { at, value }: StepTime): void {
  item[name] = { N: String(at) };
  if (value) item[valueName] = { L: [{ N: String(value.at) }, { N: String(value.amount) }] };
}
