import { assign } from '#shared/assignment/assign.ts';
import { pack } from '#shared/assignment/pack.ts';
import { currentEpoch, currentSequence, type Experiment } from '#shared/experiment/experiment.ts';
import type { Journey, Source } from '#shared/journey/journey.ts';
import type { Random } from '../../local/simulation/random.ts';
import { HOUR, SECOND } from '../support/an-experiment.ts';
import type { SentEvent } from './callers.ts';

export const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

/** A visitor as they enter: in the variant that the split gives them, and nothing done yet. */
export function entry(experiment: Experiment, visitor: string, assignedAt: number, source: Source = 'api'): Journey {
  const packed = pack(experiment);
  const variant = packed?.variants[assign(packed, visitor, {}, assignedAt).variant]?.id;
  return {
    experiment: experiment.id,
    visitor,
    variant: variant ?? '',
    sequence: currentSequence(experiment).version,
    epoch: currentEpoch(experiment).epoch,
    revision: experiment.revision,
    source,
    segments: {},
    signals: [],
    steps: {},
    assignedAt,
  };
}

/**
 * What visitors do in the hour after they entered: some steps of their ladder each, some with a value, one event in five told
 * twice, one in ten with an earlier time than the first account of it, and all of it shuffled. Where the experiment counts
 * commitments, some make a few.
 */
export function happenings(experiment: Experiment, entered: readonly Journey[], random: Random): SentEvent[] {
  const events: SentEvent[] = [];
  for (const { visitor, variant, sequence, assignedAt = 0 } of entered) {
    const ladder = experiment.sequences.find(({ version }) => version === sequence)?.ladders[variant] ?? [];
    for (const { step } of ladder) {
      if (random.uniform() < 0.25) break;
      const at = assignedAt + Math.floor(random.uniform() * HOUR);
      const value = random.uniform() < 0.4 ? { value: Math.floor(random.uniform() * 10_000) } : {};
      const event = { experiment: experiment.id, visitor, step, at, ...value };
      events.push(event);
      if (random.uniform() < 0.2) events.push(event);
      if (random.uniform() < 0.1) events.push({ ...event, at: at - 5 * SECOND });
    }
  }
  return shuffled([...events, ...commitments(experiment, entered, random)], random);
}

function commitments({ id, sequences }: Experiment, entered: readonly Journey[], random: Random): SentEvent[] {
  if (sequences[0].metrics === undefined) return [];
  return entered.flatMap(({ visitor, assignedAt = 0 }) =>
    Array.from({ length: Math.floor(random.uniform() * 4) }, (_, i) => ({
      type: 'commitment' as const,
      experiment: id,
      visitor,
      activity: 'post',
      // Some are told twice, by one id and with two times.
      eventId: `post-${i % 2}`,
      at: assignedAt + Math.floor(random.uniform() * HOUR),
    })),
  );
}

export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const all = [...values];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [all[i], all[j]] = [all[j] as T, all[i] as T];
  }
  return all;
}
