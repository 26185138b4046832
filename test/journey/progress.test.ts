import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { merge } from '#shared/journey/journey.ts';
import { progressOf, withScansBelieved } from '#shared/journey/progress.ts';
import { aJourney, anEvent, anExperiment, DAY, NOON, type StepInput, steps } from '../support/an-experiment.ts';
import { someNews } from '../support/arbitraries.ts';

const laddered = (ladder: StepInput[], windowDays = 7) =>
  currentSequence(
    anExperiment({
      windowDays,
      variants: [
        { id: 'one-ask', name: 'One ask', steps: steps('buy') },
        { id: 'ladder', name: 'Ladder', steps: ladder },
      ],
    }),
  );
const three = laddered(steps('question', 'plan', 'buy'));
const at = (...pairs: readonly (readonly [string, number])[]) =>
  Object.fromEntries(pairs.map(([id, time]) => [id, { at: time }]));

describe('progressOf', () => {
  it.each([
    { name: 'is at rung 0 before any step', taken: [], furthest: 0 },
    { name: 'is at rung 1 after the first', taken: ['question'], furthest: 1 },
    { name: 'is at the top by the goal alone: reaching a rung implies those below', taken: ['buy'], furthest: 3 },
    { name: 'is at rung 2 though the beacon of rung 1 was lost', taken: ['plan'], furthest: 2 },
    { name: 'ignores steps of other ladders', taken: ['question', 'elsewhere'], furthest: 1 },
  ])('$name', ({ taken, furthest }) => {
    const journey = aJourney({ steps: at(...taken.map((id) => [id, NOON + 1] as const)) });
    expect(progressOf(journey, three)?.furthest).toBe(furthest);
  });

  it('measures each variant on its own ladder', () => {
    const bought = { steps: at(['buy', NOON + 1]) };
    expect(progressOf(aJourney({ ...bought, variant: 'ladder' }), three)?.furthest).toBe(3);
    expect(progressOf(aJourney({ ...bought, variant: 'one-ask' }), three)?.furthest).toBe(1);
  });

  it('says nothing of a journey whose ladder it does not know', () => {
    expect(progressOf(aJourney({ variant: 'gone' }), three)).toBeUndefined();
  });

  it('says nothing of a journey whose variant it does not know, were it called constructor', () => {
    expect(progressOf(aJourney({ variant: 'constructor' }), three)).toBeUndefined();
  });

  it.each([
    { name: 'counts a step at the last instant of the window', time: NOON + 7 * DAY, furthest: 3 },
    { name: 'does not count a step an instant later', time: NOON + 7 * DAY + 1, furthest: 0 },
  ])('$name', ({ time, furthest }) => {
    expect(progressOf(aJourney({ steps: at(['buy', time]) }), three)?.furthest).toBe(furthest);
  });

  it('holds a step to its own window where it has a shorter one', () => {
    const quick = laddered([{ id: 'question', name: 'Question', windowDays: 1 }, ...steps('buy')]);
    const journey = (time: number) => aJourney({ steps: at(['question', time]) });
    expect(progressOf(journey(NOON + DAY), quick)?.furthest).toBe(1);
    expect(progressOf(journey(NOON + DAY + 1), quick)?.furthest).toBe(0);
  });

  it('never lets the window of a step outlast that of the experiment', () => {
    const slow = laddered([{ id: 'question', name: 'Question', windowDays: 30 }, ...steps('buy')]);
    expect(progressOf(aJourney({ steps: at(['question', NOON + 7 * DAY + 1]) }), slow)?.furthest).toBe(0);
  });

  it('takes a step that seems to precede the assignment as made at that instant', () => {
    const journey = aJourney({ steps: at(['question', NOON - 5_000], ['plan', NOON + 5_000]) });
    expect(progressOf(journey, three)?.reached).toEqual([
      { rung: 1, follows: 0, afterMs: 0 },
      { rung: 2, follows: 1, afterMs: 5_000 },
    ]);
  });

  it('follows the observed rung below, past rungs that nobody counts', () => {
    const gap = laddered([...steps('question'), { id: 'plan', name: 'Plan', observed: false }, ...steps('buy')]);
    const journey = aJourney({ steps: at(['question', NOON + 1], ['buy', NOON + 9]) });
    expect(progressOf(journey, gap)).toEqual({
      furthest: 3,
      reached: [
        { rung: 1, follows: 0, afterMs: 1 },
        { rung: 3, follows: 1, afterMs: 9 },
      ],
    });
  });

  it('carries the value of the steps inside the window', () => {
    const journey = aJourney({
      steps: {
        question: { at: NOON + 1, value: { at: NOON + 1, amount: 300 } },
        buy: { at: NOON + 8 * DAY, value: { at: NOON + 8 * DAY, amount: 2990 } },
      },
    });
    expect(progressOf(journey, three)?.reached).toEqual([{ rung: 1, follows: 0, afterMs: 1, value: 300 }]);
  });

  it('is closed by the window: whatever is told after it changes nothing', () => {
    // A cohort is called mature on the strength of this law.
    const start = aJourney({ steps: at(['question', NOON + 1]) });
    const later = fc.integer({ min: NOON + 7 * DAY + 1, max: NOON + 30 * DAY });
    const step = fc.constantFrom('question', 'plan', 'buy');
    fc.assert(
      fc.property(step, later, fc.option(fc.integer({ min: 1, max: 9 })), (id, time, amount) => {
        const news = anEvent({
          steps: { [id]: { at: time, ...(amount !== null && { value: { at: time, amount } }) } },
        });
        expect(progressOf(merge(start, news), three)).toEqual(progressOf(start, three));
      }),
    );
  });

  it('never falls when steps are added to an assigned journey', () => {
    fc.assert(
      fc.property(someNews(), someNews(), (a, b) => {
        const before = merge(aJourney({ assignedAt: NOON - 30 * DAY }), a);
        const wide = laddered(steps('question', 'plan', 'buy'), 365);
        const [less, more] = [progressOf(before, wide), progressOf(merge(before, { ...b }), wide)];
        expect(more?.furthest).toBeGreaterThanOrEqual(less?.furthest ?? 0);
      }),
    );
  });
});

describe('withScansBelieved', () => {
  it('takes every opening of a link for a step of a person, which progress alone does not', () => {
    const journey = aJourney({
      steps: at(['question', NOON + 9]),
      scans: { question: NOON + 5, plan: NOON + 7, constructor: NOON },
    });
    expect(progressOf(journey, three)?.furthest).toBe(1);
    expect(progressOf(withScansBelieved(journey), three)).toMatchObject({
      furthest: 2,
      reached: [{ afterMs: 5 }, { afterMs: 7 }],
    });
    expect(withScansBelieved(journey).steps).toMatchObject({ constructor: { at: NOON } });
  });
});
