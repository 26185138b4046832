import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assign } from '#shared/assignment/assign.ts';
import { pack } from '#shared/assignment/pack.ts';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { commitmentKey } from '#shared/journey/commitment.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { distance, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import { eraseVisitor } from '#shared/usecases/erase-visitor.ts';
import { MOST_IDS } from '#shared/usecases/follow-merges.ts';
import { identifyVisitor } from '#shared/usecases/identify-visitor.ts';
import { openLink } from '#shared/usecases/open-link.ts';
import { recordEvents } from '#shared/usecases/record-events.ts';
import { recordExposures } from '#shared/usecases/record-exposures.ts';
import type { VisitorEvent } from '#shared/usecases/visitor-event.ts';
import { anExperiment, DAY, NOON } from '../support/an-experiment.ts';
import { EVERY_METRIC } from '../support/every-metric.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
/** Writes that still reach the engine before the process is gone; a crash after the last of them loses its answer. */
let writesLeft = Infinity;
let answerLost = false;
beforeAll(async () => {
  platform = await openPlatform(60_000);
  platform.engine.client.middlewareStack.add(
    (next, context) => async (args) => {
      const writes = /Update|Put|Delete|Transact/.test(String(context.commandName));
      if (!writes) return next(args);
      if (writesLeft <= 0 && !answerLost) throw new Error('crashed');
      const answer = writesLeft <= 0 ? undefined : await next(args);
      if (answer === undefined) throw new Error('crashed');
      writesLeft -= 1;
      if (writesLeft <= 0 && answerLost) throw new Error('crashed');
      return answer;
    },
    { step: 'initialize', name: 'crashes' },
  );
});
afterAll(() => platform?.stop());

let tests = 0;
async function given() {
  const experiment = await platform.put(anExperiment({ id: `known-${tests++}`, metrics: EVERY_METRIC }));
  const packed = pack(experiment);
  if (packed === undefined) throw new Error('it is live');
  const { journeys } = platform.deps;
  const seen = new Set<string>();
  const named = (...ids: readonly string[]) => {
    for (const id of ids) seen.add(id);
  };
  const idsOf = (variant: number, prefix: string) =>
    Array.from({ length: 60 }, (_, i) => `${prefix}-${i}`).filter(
      (id) => assign(packed, id, {}, NOON).variant === variant,
    );
  return {
    experiment,
    live: { experiment, packed },
    /** Visitors whom the split sends to a variant. */
    idsOf,
    join: (visitor: string) => {
      named(visitor);
      const visit = { visitor, attributes: {}, source: 'api', signals: [] } as const;
      return assignVisitor(platform.deps, { experiment, packed }, visit);
    },
    event: (visitor: string, rest: Partial<VisitorEvent> = {}) => {
      named(visitor);
      const post = { type: 'commitment', activity: 'post', eventId: 'p', at: NOON } as const;
      return recordEvents(platform.deps, [{ ...post, experiment: experiment.id, visitor, ...rest }], []);
    },
    identify: async (visitor: string, known: string) => {
      named(visitor, known);
      return (await identifyVisitor(platform.deps, [experiment.id], visitor, known))[0];
    },
    find: (visitor: string) => journeys.find(experiment.id, visitor),
    own: (visitor: string) => journeys.own(experiment.id, visitor),
    /** All that is kept of whoever was named here. */
    all: async () =>
      (await Promise.all([...seen].map((id) => journeys.own(experiment.id, id)))).filter((each) => each !== undefined),
  };
}

const counted = (journeys: readonly Journey[]) => journeys.filter(({ mergedInto }) => mergedInto === undefined);

describe('identifyVisitor', () => {
  it('hands the journey over to the known id, with the first assignment', async () => {
    const { idsOf, join, event, identify, find, own } = await given();
    const [[anon = ''], [ada = '']] = [idsOf(1, 'anon'), idsOf(0, 'ada')];
    await join(anon);
    await event(anon);
    const before = await own(anon);
    expect(await identify(anon, ada)).toMatchObject({ outcome: 'taken-over', variant: 'ladder' });
    expect(await find(ada)).toEqual({ ...before, visitor: ada, mergedFrom: [anon] });
    const { assignedAt: _, commitments: __, ...facts } = before ?? {};
    expect(await own(anon)).toEqual({ ...facts, steps: {}, mergedInto: ada });
  });

  it('adds what was done to the journey the known id has, and leaves it its variant', async () => {
    const { idsOf, join, event, identify, find } = await given();
    const [[anon = ''], [ada = '']] = [idsOf(1, 'anon'), idsOf(1, 'ada')];
    platform.clock.now = NOON - DAY;
    await join(anon);
    platform.clock.now = NOON;
    await join(ada);
    await event(anon, { eventId: 'a' });
    await event(ada, { eventId: 'b' });
    expect(await identify(anon, ada)).toMatchObject({ outcome: 'merged', variant: 'ladder' });
    expect(await find(anon)).toMatchObject({
      visitor: ada,
      assignedAt: NOON - DAY,
      commitments: { [commitmentKey('post', 'a')]: { at: NOON }, [commitmentKey('post', 'b')]: { at: NOON } },
    });
    expect(await find(anon)).not.toHaveProperty('conflict');
  });

  it('says when the two had different variants; the known one stands, and it is counted', async () => {
    const { experiment, idsOf, join, identify, find } = await given();
    const [[anon = ''], [ada = '']] = [idsOf(0, 'anon'), idsOf(1, 'ada')];
    await join(anon);
    await join(ada);
    expect(await identify(anon, ada)).toMatchObject({ outcome: 'conflict', variant: 'ladder' });
    const known = await find(ada);
    expect(known).toMatchObject({ variant: 'ladder', conflict: true, mergedFrom: [anon] });
    expect(known && [...tallyOf(known, currentSequence(experiment)).values()][0]).toMatchObject({ n: 1, conflict: 1 });
  });

  it('says nothing of experiments neither of the two is in', async () => {
    const { identify, all } = await given();
    expect(await identify('nobody', 'no-one')).toBeUndefined();
    expect(await all()).toEqual([]);
  });

  it('links an id that has no journey, so that what comes under it is counted once', async () => {
    const { idsOf, join, event, identify, all } = await given();
    const [[anon = ''], [ada = '']] = [idsOf(0, 'anon'), idsOf(1, 'ada')];
    await join(ada);
    expect(await identify(anon, ada)).toMatchObject({ outcome: 'linked', variant: 'ladder' });
    expect(await join(anon)).toMatchObject({
      variant: 'ladder',
      assignment: { reason: 'sticky' },
      first: false,
    });
    await event(anon);
    expect(counted(await all())).toMatchObject([{ visitor: ada, mergedFrom: [anon], commitments: expect.anything() }]);
  });

  it('goes on under the known id with all that comes under the old one', async () => {
    const { idsOf, join, event, identify, find, own } = await given();
    const [[anon = ''], [ada = '']] = [idsOf(0, 'anon'), idsOf(1, 'ada')];
    await join(ada);
    await join(anon);
    await identify(anon, ada);
    expect(await join(anon)).toMatchObject({ variant: 'ladder', assignment: { reason: 'sticky' } });
    expect(await event(anon, { type: 'step', step: 'plan', activity: undefined })).toEqual([
      { eventId: 'p', status: 'recorded' },
    ]);
    expect(await event(ada, { type: 'step', step: 'plan', activity: undefined })).toEqual([
      { eventId: 'p', status: 'duplicate' },
    ]);
    expect(await find(ada)).toMatchObject({ steps: { plan: { at: NOON } } });
    expect(await own(anon)).toMatchObject({ mergedInto: ada, steps: {} });
  });

  it('leads a person who opens an e-mail’s link under either id to the variant of the known one', async () => {
    const { experiment, idsOf, join, identify, find, live } = await given();
    const [[anon = ''], [ada = '']] = [idsOf(0, 'anon'), idsOf(1, 'ada')];
    for (const id of [anon, ada]) await join(id);
    await identify(anon, ada);
    const link = { id: 'l', experiment: experiment.id, step: 'plan', createdAt: NOON };
    for (const recipient of [anon, ada])
      expect(await openLink(platform.deps, live, { recipient, link, noticed: [] })).toMatchObject({
        variant: 'ladder',
      });
    expect(await find(ada)).toMatchObject({ scans: { plan: NOON }, mergedFrom: [anon] });
  });

  it('keeps that the edge, which cannot know them, sent a person to another variant', async () => {
    const { experiment, idsOf, join, identify, find, all } = await given();
    const [[anon = ''], [ada = '']] = [idsOf(0, 'anon'), idsOf(1, 'ada')];
    await join(ada);
    await identify(anon, ada);
    const decided = { sequence: 1, epoch: 1, revision: 2, attributes: {}, signals: [], at: NOON };
    const sent = (visitor: string, variant: string) =>
      recordExposures(platform.deps, [{ ...decided, experiment: experiment.id, visitor, variant }]);
    await sent(ada, 'ladder');
    expect(await find(ada)).not.toHaveProperty('conflict');
    await sent(anon, 'one-ask');
    expect(await find(ada)).toMatchObject({ variant: 'ladder', conflict: true });
    expect(counted(await all())).toHaveLength(1);
  });

  it('may be repeated, and follows from id to id', async () => {
    const { idsOf, join, event, identify, all } = await given();
    const [a = '', b = '', c = ''] = idsOf(1, 'id');
    await join(a);
    expect((await identify(a, b))?.outcome).toBe('taken-over');
    expect((await identify(a, b))?.outcome).toBe('known');
    expect((await identify(b, c))?.outcome).toBe('taken-over');
    for (const [from, to] of [
      [a, b],
      [b, c],
      [a, c],
      [b, a],
      [c, a],
      [c, b],
    ] as const)
      expect([from, to, (await identify(from, to))?.outcome]).toEqual([from, to, 'known']);
    for (const [i, id] of [a, b, c].entries()) await event(id, { eventId: `p-${i}` });
    const [person, ...others] = counted(await all());
    expect(others).toEqual([]);
    expect(person).toMatchObject({ visitor: c, mergedFrom: [a, b].sort() });
    expect(Object.keys(person?.commitments ?? {})).toHaveLength(3);
  });

  it('leaves a browser that two people share to the first of them', async () => {
    const { idsOf, join, identify, find } = await given();
    const [anon = '', ada = '', bo = ''] = idsOf(1, 'id');
    for (const id of [anon, ada, bo]) await join(id);
    await identify(anon, ada);
    expect(await identify(anon, bo)).toMatchObject({ outcome: 'known-otherwise' });
    expect(await find(anon)).toMatchObject({ visitor: ada });
    expect(await find(bo)).not.toHaveProperty('mergedFrom');
  });

  it('moves a journey that is larger than any transaction, and what came while it moved', async () => {
    const { idsOf, join, identify, own, all } = await given();
    const [anon = '', ada = ''] = idsOf(1, 'id');
    await join(anon);
    const before = await own(anon);
    const commitments = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`post#${i}`, { at: NOON - i }]));
    if (before) await platform.deps.journeys.record({ ...before, commitments });
    await identify(anon, ada);
    expect(counted(await all())).toEqual([{ ...before, commitments, visitor: ada, mergedFrom: [anon] }]);
  });

  it('stops at as many ids as one person may have', async () => {
    const { idsOf, join, identify, event } = await given();
    const [first = '', ...ids] = idsOf(1, 'id').concat(idsOf(1, 'another'));
    await join(first);
    let known = first;
    const outcomes: (string | undefined)[] = [];
    for (const id of ids.slice(0, MOST_IDS + 1)) {
      outcomes.push((await identify(known, id))?.outcome);
      if (outcomes.at(-1) === 'taken-over') known = id;
    }
    expect(outcomes).toEqual([...Array(MOST_IDS).fill('taken-over'), 'too-many']);
    expect(await event(first)).toEqual([{ eventId: 'p', status: 'recorded' }]);
  });

  it('is erased whole by whichever of its ids', async () => {
    for (const asked of [0, 1, 2]) {
      const { experiment, idsOf, join, identify, all } = await given();
      const [a = '', b = '', c = ''] = idsOf(1, 'id');
      for (const id of [a, c]) await join(id);
      await identify(a, b);
      await identify(b, c);
      expect(await all()).toHaveLength(3);
      expect(await eraseVisitor(platform.deps, [a, b, c][asked] ?? '')).toContain(experiment.id);
      expect(await all()).toEqual([]);
    }
  });
});

type Doing =
  | { readonly what: 'join' | 'post'; readonly id: number }
  | { readonly what: 'identify'; readonly from: number; readonly to: number };
type Step = Doing & { readonly crashAfter: number; readonly answerLost: boolean };

const IDS = 3;
const aDoing: fc.Arbitrary<Doing> = fc.oneof(
  fc.record({ what: fc.constantFrom('join' as const, 'post' as const), id: fc.nat(IDS - 1) }),
  fc
    .record({ what: fc.constant('identify' as const), from: fc.nat(IDS - 1), to: fc.nat(IDS - 1) })
    .filter(({ from, to }) => from !== to),
);
const aStep: fc.Arbitrary<Step> = fc
  .tuple(aDoing, fc.constantFrom(0, 1, 1, 2, 3, 99), fc.boolean())
  .map(([doing, crashAfter, lost]) => ({ ...doing, crashAfter, answerLost: lost }));

describe('a person of several ids', () => {
  it('is counted exactly once, with all they did, whatever comes in whatever order and is cut off wherever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 8 }), fc.boolean(), async (steps, mixed) => {
        const { experiment, idsOf, join, event, identify, all } = await given();
        const ids = mixed ? [...idsOf(0, 'v').slice(0, 1), ...idsOf(1, 'v').slice(0, 2)] : idsOf(1, 'v').slice(0, IDS);
        const id = (number: number) => ids[number] ?? '';
        const told = new Set<string>();
        const run = async (step: Doing, number: number) => {
          if (step.what === 'join') await join(id(step.id));
          else if (step.what === 'identify') await identify(id(step.from), id(step.to));
          else {
            const [answer] = await event(id(step.id), { eventId: `p-${number}` });
            if (answer?.status === 'failed') throw new Error(answer.message);
            told.add(commitmentKey('post', `p-${number}`));
          }
        };
        /** Ids that are certainly one by now, and so must be counted once for ever after. */
        const persons = ids.map((_, number) => number);
        for (const [number, step] of steps.entries()) {
          [writesLeft, answerLost] = [step.crashAfter, step.answerLost];
          try {
            await run(step, number);
          } catch {
            // The process is gone; what it had done stays.
          }
          writesLeft = Infinity;
          const now = await all();
          const same = now.flatMap(({ visitor, mergedInto, mergedFrom = [] }) =>
            [...mergedFrom, ...(mergedInto === undefined ? [] : [mergedInto])].map(
              (other) => [visitor, other] as const,
            ),
          );
          for (const [visitor, other] of same) {
            const [a, b] = [persons[ids.indexOf(visitor)], persons[ids.indexOf(other)]];
            persons.forEach((person, i) => {
              if (person === b) persons[i] = a ?? 0;
            });
          }
          for (const person of new Set(persons)) {
            const own = ids.filter((_, i) => persons[i] === person);
            const here = now.filter(({ visitor }) => own.includes(visitor));
            expect(counted(here).length).toBe(here.length === 0 ? 0 : 1);
          }
        }
        // Whoever was cut off is repeated, as clients do, and at last everyone is the same person.
        for (const [number, step] of steps.entries()) await run(step, number);
        for (const from of [1, 2]) await identify(id(from), id(0));
        const journeys = await all();
        if (journeys.length === 0) return;
        const people = counted(journeys);
        const [person] = people;
        expect(people).toHaveLength(1);
        expect(Object.keys(person?.commitments ?? {}).sort()).toEqual([...told].sort());
        expect(counted(journeys.filter(({ mergedInto }) => mergedInto !== undefined))).toEqual([]);
        const sum = journeys.reduce(
          (total, each) => total.add(tallyOf(each, currentSequence(experiment))),
          new TallySum(),
        );
        expect(person && distance(sum.total(), tallyOf(person, currentSequence(experiment)))).toBe(0);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});
