import fc from 'fast-check';
import type { Journey, StepTime } from '#shared/journey/journey.ts';
import { SIGNALS } from '#shared/journey/signal.ts';
import { anEvent, DAY, HOUR, NOON } from './an-experiment.ts';

/** A few instants that meet often, and any within three days: order matters most where times are equal or close. */
export const anInstant = fc.oneof(
  fc.constantFrom(NOON - 1, NOON, NOON + 1, NOON + HOUR),
  fc.integer({ min: NOON - DAY, max: NOON + 2 * DAY }),
);

const aStepTime = (at: fc.Arbitrary<number>): fc.Arbitrary<StepTime> =>
  fc
    .tuple(at, fc.option(fc.record({ amount: fc.integer({ min: 0, max: 3 }), at }), { nil: undefined }))
    .map(([time, value]) => ({ at: time, ...(value && { value }) }));

const someSignals = fc.uniqueArray(fc.constantFrom(...SIGNALS), { maxLength: 3 }).map((signals) => signals.sort());

const defined = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

const A_KEY = ['post#a1', 'post#b2', 'visit#a1'];
const someCommitments = fc.record(
  {
    commitments: fc.dictionary(fc.constantFrom(...A_KEY), aStepTime(anInstant), { minKeys: 1, noNullPrototype: true }),
    replies: fc.dictionary(fc.constantFrom(...A_KEY.flatMap((key) => [`${key}#1`, `${key}#7`])), anInstant, {
      minKeys: 1,
      noNullPrototype: true,
    }),
  },
  { noNullPrototype: true },
);

/** What is heard of one visitor at once: an assignment, an arrival, a step, a commitment, a reply to one, the opening of a link or several things. Always something with a time. */
export const someNews = (stepIds: readonly string[] = ['question', 'plan', 'buy']): fc.Arbitrary<Journey> =>
  fc
    .record({
      assignedAt: fc.option(anInstant, { nil: undefined }),
      arrivedAt: fc.option(anInstant, { nil: undefined }),
      signals: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: someSignals }),
      steps: fc.dictionary(fc.constantFrom(...stepIds), aStepTime(anInstant), { maxKeys: 2, noNullPrototype: true }),
      opening: fc.option(
        fc.record({ step: fc.constantFrom(...stepIds), at: anInstant, reason: fc.constantFrom('burst', 'head') }),
        {
          freq: 3,
          nil: undefined,
        },
      ),
      often: fc.option(someCommitments, { freq: 2, nil: {} }),
    })
    .filter(
      ({ assignedAt, arrivedAt, steps, opening, often }) =>
        assignedAt !== undefined ||
        arrivedAt !== undefined ||
        opening !== undefined ||
        Object.keys({ ...steps, ...often }).length > 0,
    )
    .map(({ opening, often, ...news }) =>
      anEvent({
        ...often,
        ...(defined(news) as Partial<Journey>),
        ...(opening && { scans: { [opening.step]: opening.at }, scanReasons: [`${opening.step}:${opening.reason}`] }),
      }),
    );
