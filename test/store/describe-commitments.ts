import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOURNEY_LIMITS } from '#shared/journey/commitment.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { keys } from '#shared/store/dynamo/keys.ts';
import { itemKey } from '#shared/store/dynamo/partition.ts';
import type { Journeys } from '#shared/usecases/ports.ts';
import type { Engine } from '../../local/stand-ins/engine.ts';
import { aJourney, anEvent, NOON } from '../support/an-experiment.ts';

type Under = {
  readonly journeys: () => Journeys;
  readonly engine: () => Engine;
  readonly fresh: (prefix: string) => string;
};

/** Commitments `from` to `to` of an activity, in their order. */
const did = (from: number, to: number, activity = 'post', worth?: number) =>
  Object.fromEntries(
    Array.from({ length: to - from }, (_, i) => {
      const at = NOON + from + i;
      return [`${activity}#${from + i}`, { at, ...(worth !== undefined && { value: { at, amount: worth } }) }];
    }),
  );

/** What a journey of many commitments asks of a store, and one whose visitor becomes known under another id. */
export function describeCommitments({ journeys, engine, fresh }: Under): void {
  const stored = ({ experiment, visitor }: Journey) => journeys().own(experiment, visitor);

  describe('journeys.record of many commitments', () => {
    it('takes more of them at once than one update expression holds, and says exactly what was known before', async () => {
      const visitor = fresh('vis');
      const first = aJourney({ visitor, commitments: did(0, 150, 'post', 5), replies: { 'post#3#1': NOON } });
      expect(await journeys().record(first)).toEqual({ before: undefined, after: first });
      const news = anEvent({
        visitor,
        commitments: { ...did(100, 250), 'post#7': { at: NOON - 1, value: { at: NOON - 1, amount: 1 } } },
        replies: Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`post#${i}#2`, NOON + i])),
        steps: { buy: { at: NOON + 1 } },
      });
      expect(await journeys().record(news)).toEqual({ before: first, after: merge(first, news) });
      expect(await stored(first)).toEqual(merge(first, news));
      expect((await journeys().record(news)).before).toEqual(merge(first, news));
    });

    it('pulls more times earlier than one update expression holds', async () => {
      const visitor = fresh('vis');
      await journeys().record(aJourney({ visitor, commitments: did(0, 170, 'post', 5) }));
      const earlier = Object.fromEntries(
        Object.keys(did(0, 170)).map((key, i) => [key, { at: NOON - i, value: { at: NOON - i, amount: 3 } }]),
      );
      const { after } = await journeys().record(anEvent({ visitor, commitments: earlier }));
      expect(after.commitments).toEqual({ ...earlier, 'post#0': { at: NOON, value: { at: NOON, amount: 5 } } });
      expect(await stored(after)).toEqual(after);
    });

    it('lets concurrent writers converge on what all of them know', async () => {
      const visitor = fresh('vis');
      const news = [0, 60, 120, 180].map((from) =>
        aJourney({ visitor, commitments: did(from, from + 110, 'post', from) }),
      );
      await Promise.all(news.map((each) => journeys().record(each)));
      expect(await journeys().find('checkout', visitor)).toEqual(news.reduce(merge));
    });

    it('takes no new ones of a full journey, while all else of it goes on', async () => {
      const visitor = fresh('vis');
      const most = JOURNEY_LIMITS.commitments;
      const full = aJourney({ visitor, commitments: did(0, most) });
      expect(await journeys().record(full)).toEqual({ before: undefined, after: full });
      const news = anEvent({
        visitor,
        commitments: {
          'post#new': { at: NOON, value: { at: NOON, amount: 9 } },
          'post#1': { at: NOON - 5, value: { at: NOON, amount: 9 } },
        },
        replies: { 'post#1#1': NOON },
        steps: { buy: { at: NOON } },
        signals: ['interaction'],
      });
      const { replies: _, ...rest } = news;
      const left = { ...rest, commitments: { 'post#1': { at: NOON - 5, value: { at: NOON, amount: 9 } } } };
      expect(await journeys().record(news)).toEqual({ before: full, after: merge(full, left) });
      expect(await stored(full)).toEqual(merge(full, left));
    });

    it('keeps the fullest journey with the longest names within the size that an item may have', async () => {
      const visitor = fresh('v').padEnd(128, 'x');
      const activity = 'a'.repeat(64);
      const key = (i: number) => `${activity}#${String(i).padStart(13, '0')}`;
      const value = { at: NOON, amount: 90_000_000 };
      const batches = (most: number) => Array.from({ length: Math.ceil(most / 99) + 1 }, (_, i) => i * 99);
      const numbers = (from: number) => Array.from({ length: 99 }, (_, i) => from + i);
      for (const from of batches(JOURNEY_LIMITS.commitments))
        await journeys().record(
          aJourney({
            visitor,
            commitments: Object.fromEntries(numbers(from).map((i) => [key(i), { at: NOON, value }])),
          }),
        );
      const { after } = await journeys().record(aJourney({ visitor }));
      const [size] = [sizeOf((await rawItem(after)) ?? {})];
      const reply = Buffer.byteLength(`reply#${key(0)}#50`) + 8;
      // Replies count for themselves, so that one of both limits is met first; a batch may be under way when it is.
      const largest = size + (JOURNEY_LIMITS.replies + 99) * reply;
      console.log(
        `The fullest journey: ${Object.keys(after.commitments ?? {}).length} commitments and their values ${size} bytes, with as many replies as there may be ${largest}.`,
      );
      expect(Object.keys(after.commitments ?? {}).length).toBeLessThan(JOURNEY_LIMITS.commitments + 100);
      expect(largest).toBeLessThan(400 * 1024);
    });
  });

  describe('journeys.anyMerged', () => {
    it('is said of one experiment from the first note on, and the note is nobody’s journey', async () => {
      const [noted, other] = ['noted-experiment', 'other-experiment'];
      expect(await journeys().anyMerged(noted)).toBe(false);
      for (let times = 0; times < 2; times += 1) await journeys().noteMerges(noted);
      expect(await journeys().anyMerged(noted)).toBe(true);
      expect(await journeys().anyMerged(other)).toBe(false);
      expect(await journeys().page(noted)).toEqual({ journeys: [], last: true });
    });
  });

  describe('journeys.handOver', () => {
    const news = (own: Journey, to: string, rest: Partial<Journey> = {}): Journey => ({
      ...own,
      visitor: to,
      mergedFrom: [own.visitor],
      ...rest,
    });
    const handOver = (own: Journey, known: Journey | undefined, to: Journey) =>
      journeys().handOver({ experiment: own.experiment, from: own.visitor, own, known, news: to });

    it('begins the journey of the known id with that of the old one, which leads there from then on', async () => {
      const [own, to] = [aJourney({ visitor: fresh('vis'), steps: { plan: { at: NOON } } }), fresh('ada')];
      await journeys().record(own);
      expect(await handOver(own, undefined, news(own, to))).toBe(true);
      expect(await stored(own)).toEqual({ ...own, mergedInto: to });
      expect(await journeys().find('checkout', own.visitor)).toEqual(news(own, to));
      expect(await journeys().find('checkout', to)).toEqual(news(own, to));
    });

    it('leaves the known id its variant, and keeps that there was another', async () => {
      const own = aJourney({ visitor: fresh('vis'), variant: 'one-ask', steps: { buy: { at: NOON } } });
      const known = aJourney({ visitor: fresh('ada'), arrivedAt: NOON + 1 });
      await journeys().record(own);
      await journeys().record(known);
      expect(await handOver(own, known, news(own, known.visitor, { conflict: true }))).toBe(true);
      expect(await stored(known)).toEqual(merge(known, news(own, known.visitor, { conflict: true })));
    });

    it('gives an id without a journey one that leads to the known id', async () => {
      const [known, from] = [aJourney({ visitor: fresh('ada') }), fresh('vis')];
      await journeys().record(known);
      const link = { ...known, steps: {}, mergedFrom: [from] };
      expect(await journeys().handOver({ experiment: 'checkout', from, own: undefined, known, news: link })).toBe(true);
      expect(await journeys().find('checkout', from)).toEqual({ ...known, mergedFrom: [from] });
    });

    it.each([
      {
        name: 'the old one was merged already',
        before: async (own: Journey) => void (await handOver(own, undefined, news(own, fresh('bo')))),
      },
      {
        name: 'the known one has begun',
        before: async (_: Journey, to: string) => void (await journeys().record(aJourney({ visitor: to }))),
      },
      {
        name: 'the known one was merged itself',
        before: async (_: Journey, to: string) => {
          const known = aJourney({ visitor: to });
          await journeys().record(known);
          await handOver(known, undefined, news(known, fresh('bo')));
        },
      },
    ])('does nothing when $name since it was read', async ({ before }) => {
      const [own, to] = [aJourney({ visitor: fresh('vis') }), fresh('ada')];
      await journeys().record(own);
      await before(own, to);
      const [ownBefore, knownBefore] = [await stored(own), await journeys().own('checkout', to)];
      expect(await handOver(own, undefined, news(own, to))).toBe(false);
      expect([await stored(own), await journeys().own('checkout', to)]).toEqual([ownBefore, knownBefore]);
    });

    it('makes no circle of several that meet, and hands nobody over twice', async () => {
      const [a, b] = [aJourney({ visitor: fresh('vis') }), aJourney({ visitor: fresh('vis') })];
      await Promise.all([a, b].map((each) => journeys().record(each)));
      const won = await Promise.all([
        handOver(a, b, news(a, b.visitor)),
        handOver(b, a, news(b, a.visitor)),
        handOver(a, undefined, news(a, fresh('ada'))),
      ]);
      // The second and the third may follow each other: they make a chain of three ids.
      const [aToB, bToA, aToAda] = won;
      expect([aToB && bToA, aToB && aToAda]).toEqual([false, false]);
      const merged = [await stored(a), await stored(b)].filter((each) => each?.mergedInto !== undefined);
      expect(merged).toHaveLength(won.filter(Boolean).length);
    });
  });

  describe('a visitor who became known', () => {
    it('is written and read under the known id, also over several ids', async () => {
      const ids = [fresh('vis'), fresh('vis'), fresh('ada')];
      const [first = '', second = '', last = ''] = ids;
      const own = aJourney({ visitor: first });
      await journeys().record(own);
      for (const [from, to] of [
        [first, second],
        [second, last],
      ] as const) {
        const known = await journeys().own('checkout', from);
        if (known)
          await journeys().handOver({
            experiment: 'checkout',
            from,
            own: known,
            known: undefined,
            news: { ...known, visitor: to, mergedFrom: [...(known.mergedFrom ?? []), from].sort() },
          });
      }
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...ids), fc.constantFrom('question', 'plan', 'buy'), async (visitor, step) => {
          const before = await journeys().find('checkout', last);
          const event = anEvent({
            visitor,
            steps: { [step]: { at: NOON } },
            commitments: { [`post#${step}`]: { at: NOON } },
          });
          for (const record of [journeys().record, journeys().recordKnown]) {
            const recorded = await record(event);
            expect(recorded?.after).toMatchObject({ visitor: last, steps: { [step]: { at: NOON } } });
          }
          expect(await journeys().find('checkout', visitor)).toEqual(merge(before ?? own, { ...event, visitor: last }));
        }),
        { numRuns: 6 },
      );
      expect((await stored(own))?.steps).toEqual({});
    });

    it('leaves nothing under the old id but where it leads', async () => {
      const [own, to] = [
        aJourney({ visitor: fresh('vis'), steps: { buy: { at: NOON } }, commitments: did(0, 9) }),
        fresh('ada'),
      ];
      await journeys().record(own);
      await journeys().handOver({
        experiment: 'checkout',
        from: own.visitor,
        own,
        known: undefined,
        news: { ...own, visitor: to },
      });
      const merged = { ...own, mergedInto: to };
      await journeys().emptied(merged);
      const { assignedAt: _, commitments: __, ...facts } = merged;
      expect(await stored(own)).toEqual({ ...facts, steps: {} });
      expect((await journeys().find('checkout', own.visitor))?.steps).toEqual(own.steps);
      await journeys().erase('checkout', own.visitor);
      await journeys().emptied(merged);
      expect(await stored(own)).toBeUndefined();
    });
  });

  const rawItem = async ({ experiment, visitor }: Journey) =>
    (
      await engine().client.send(
        new GetItemCommand({ TableName: 'journeys', Key: itemKey(keys.journey(experiment, visitor)) }),
      )
    ).Item;
}

/** Bytes of an item as AWS counts them: names, texts, a byte for two digits and one more, three for a list and one for each entry. */
function sizeOf(item: Readonly<Record<string, object>>): number {
  const sizes = Object.entries(item).map(([name, attribute]) => Buffer.byteLength(name) + valueSize(attribute));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function valueSize(attribute: { S?: string; N?: string; BOOL?: boolean; SS?: string[]; L?: object[] }): number {
  if (attribute.S !== undefined) return Buffer.byteLength(attribute.S);
  if (attribute.N !== undefined) return Math.ceil(attribute.N.length / 2) + 1;
  if (attribute.SS) return attribute.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (attribute.L) return attribute.L.reduce((sum: number, each) => sum + 1 + valueSize(each), 3);
  return 1;
}
