import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enteredAt, merge } from '#shared/journey/journey.ts';
import { aJourney, anEvent, NOON } from '../support/an-experiment.ts';
import { someNews as someDoings } from '../support/arbitraries.ts';

/** What is heard of a visitor, and now and then who they turned out to be. */
const someNews = () =>
  fc
    .tuple(
      someDoings(),
      fc.record(
        {
          mergedInto: fc.constantFrom('ada', 'bo'),
          mergedFrom: fc.subarray(['anon-1', 'anon-2', 'anon-3'], { minLength: 1 }),
          conflict: fc.constant(true),
          // Whoever knows the visitor says the same of them; a landing page heard of before the edge's log knows nothing.
          segments: fc.constant({ plan: 'free', intent: 'late' }),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
    )
    .map(([doings, identity]) => ({ ...doings, ...identity }));

describe('merge', () => {
  it('gives the same whichever comes first', () => {
    fc.assert(
      fc.property(someNews(), someNews(), (a, b) => {
        expect(merge(a, b)).toEqual(merge(b, a));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same however three are grouped', () => {
    fc.assert(
      fc.property(someNews(), someNews(), someNews(), (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
      { numRuns: 500 },
    );
  });

  it('adds nothing when told twice', () => {
    fc.assert(
      fc.property(someNews(), someNews(), (a, b) => {
        expect(merge(a, a)).toEqual(a);
        expect(merge(merge(a, b), b)).toEqual(merge(a, b));
      }),
    );
  });

  it('gives the same journey for any permutation and duplication of events', () => {
    const shuffledWithRepeats = fc.array(someNews(), { minLength: 1, maxLength: 6 }).chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc
          .array(fc.nat(events.length - 1), { maxLength: 6 })
          .chain((extra) =>
            fc.shuffledSubarray([...events.keys(), ...extra], { minLength: events.length + extra.length }),
          ),
      ),
    );
    fc.assert(
      fc.property(shuffledWithRepeats, ([events, order]) => {
        const again = order.map((i) => events[i] ?? anEvent());
        expect(again.reduce(merge)).toEqual(events.reduce(merge));
      }),
      { numRuns: 500 },
    );
  });

  it('changes neither of its arguments', () => {
    fc.assert(
      fc.property(someNews(), someNews(), (a, b) => {
        const before = structuredClone([a, b]);
        merge(a, b);
        expect([a, b]).toEqual(before);
      }),
    );
  });

  it('keeps the facts of the assignment that were there first', () => {
    const known = aJourney({
      variant: 'ladder',
      sequence: 1,
      epoch: 1,
      source: 'redirect',
      segments: { plan: 'free' },
    });
    const news = aJourney({ variant: 'one-ask', sequence: 2, epoch: 5, source: 'api', segments: { plan: 'paid' } });
    expect(merge(known, news)).toEqual(known);
  });

  it.each([
    { name: 'the earlier of two times', a: { at: 2 }, b: { at: 1 }, merged: { at: 1 } },
    {
      name: 'a value that comes after its step',
      a: { at: 1 },
      b: { at: 5, value: { at: 5, amount: 9 } },
      merged: { at: 1, value: { at: 5, amount: 9 } },
    },
    {
      name: 'the amount that was named first',
      a: { at: 1, value: { at: 5, amount: 9 } },
      b: { at: 1, value: { at: 4, amount: 3 } },
      merged: { at: 1, value: { at: 4, amount: 3 } },
    },
    {
      name: 'the larger of two amounts named at one instant',
      a: { at: 1, value: { at: 5, amount: 9 } },
      b: { at: 1, value: { at: 5, amount: 3 } },
      merged: { at: 1, value: { at: 5, amount: 9 } },
    },
  ])('keeps $name', ({ a, b, merged }) => {
    expect(merge(anEvent({ steps: { buy: a } }), anEvent({ steps: { buy: b } })).steps).toEqual({ buy: merged });
  });

  it('takes a step called constructor for a step like any other', () => {
    const news = anEvent({ steps: { constructor: { at: NOON } } });
    expect(merge(aJourney(), news).steps).toEqual({ constructor: { at: NOON } });
    expect(merge(anEvent({ scans: { plan: 1 } }), anEvent({ scans: { constructor: NOON } })).scans).toEqual({
      plan: 1,
      constructor: NOON,
    });
  });

  it('keeps the first opening of each link, and everything that looked odd about any', () => {
    const a = anEvent({ scans: { plan: 5, buy: 1 }, scanReasons: ['plan:head'] });
    const b = anEvent({ scans: { plan: 3 }, scanReasons: ['plan:burst', 'plan:head'] });
    expect(merge(a, b)).toMatchObject({
      scans: { plan: 3, buy: 1 },
      scanReasons: ['plan:burst', 'plan:head'],
      steps: {},
    });
  });
});

describe('enteredAt', () => {
  it.each([
    {
      name: 'is the first commitment when nothing is older, whatever others replied before by their clocks',
      journey: anEvent({
        commitments: { 'post#a': { at: NOON + 3 }, 'post#b': { at: NOON + 2 } },
        replies: { 'post#a#1': NOON - 9 },
        steps: { buy: { at: NOON + 5 } },
      }),
      at: NOON + 2,
    },
    {
      name: 'is the first reply when only that is known',
      journey: anEvent({ replies: { 'post#a#1': NOON + 1, 'post#a#2': NOON + 4 } }),
      at: NOON + 1,
    },
    {
      name: 'is the assignment, even when a step seems to be earlier',
      journey: aJourney({ steps: { buy: { at: NOON - 5 } } }),
      at: NOON,
    },
    {
      name: 'is the first thing heard of when there is no assignment',
      journey: anEvent({ arrivedAt: NOON + 9, steps: { buy: { at: NOON + 5 }, plan: { at: NOON + 7 } } }),
      at: NOON + 5,
    },
    {
      name: 'is the first opening of a link when only that is known',
      journey: anEvent({ scans: { plan: NOON + 9, buy: NOON + 2 } }),
      at: NOON + 2,
    },
    { name: 'is the arrival when only that is known', journey: anEvent({ arrivedAt: NOON + 9 }), at: NOON + 9 },
  ])('$name', ({ journey, at }) => {
    expect(enteredAt(journey)).toBe(at);
  });
});
