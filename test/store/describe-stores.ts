import { gzipSync } from 'node:zlib';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { murmur3 } from '#shared/assignment/murmur3.ts';
import type { Revision } from '#shared/experiment/experiment.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { Problem } from '#shared/problem/problem.ts';
import { headlineOf } from '#shared/report/headline.ts';
import type { Report } from '#shared/report/report.ts';
import { dynamoExperiments } from '#shared/store/dynamo/experiments.ts';
import { dynamoJourneys } from '#shared/store/dynamo/journeys.ts';
import { dynamoReports } from '#shared/store/dynamo/reports.ts';
import { dynamoSettings } from '#shared/store/dynamo/settings.ts';
import { dynamoTallies } from '#shared/store/dynamo/tallies.ts';
import type { Tally } from '#shared/tally/tally.ts';
import type { JourneyPage, Settings } from '#shared/usecases/ports.ts';
import { createTables, type Engine } from '../../local/stand-ins/engine.ts';
import { aReport, clearWinner } from '../report/a-report.ts';
import { aDefinition, aJourney, anEvent, anExperiment, DAY, NOON } from '../support/an-experiment.ts';
import { someNews } from '../support/arbitraries.ts';
import type { EngineUnderTest } from '../support/engines.ts';
import { describeCommitments } from './describe-commitments.ts';

const TABLES = { catalog: 'catalog', journeys: 'journeys' };
/** Long, because an engine may delete what has expired by its own clock, and the tests happen in the past. */
const RETENTION_DAYS = 36_500;

/** What every engine under the stores has to give. Each test uses names of its own, so that all can share two tables. */
export function describeStores(under: EngineUnderTest): void {
  if (under.missing !== undefined) {
    console.warn(`The store contract is not run on ${under.name}: ${under.missing}.`);
    describe.skip(`the stores on ${under.name} (skipped: ${under.missing})`, () => {
      it('keep their contract', () => {});
    });
    return;
  }

  describe(`the stores on ${under.name}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await under.start();
      await createTables(engine.client, TABLES);
    });
    afterAll(() => engine?.stop());

    let names = 0;
    const fresh = (prefix: string) => `${prefix}-${names++}`;
    const journeys = () => dynamoJourneys(engine.client, TABLES.journeys, async () => RETENTION_DAYS);
    const experiments = () => dynamoExperiments(engine.client, TABLES.catalog);
    const tallies = () => dynamoTallies(engine.client, TABLES.catalog);
    const reports = () => dynamoReports(engine.client, TABLES.catalog);
    const stored = (journey: Journey) => journeys().find(journey.experiment, journey.visitor);
    const everyone = async (experiment: string) => {
      const all: Journey[] = [];
      for await (const journey of journeys().all(experiment)) all.push(journey);
      return all;
    };

    describe('settings', () => {
      // One partition for all of an installation, so this is the only test of it on these tables.
      it('keep every revision, and take each number once', async () => {
        const settings = () => dynamoSettings(engine.client, TABLES.catalog);
        const revision = (number: number, share = number / 100): Settings => ({
          revision: number,
          at: NOON + number,
          by: 'ada',
          holdout: { share, salt: 'drawn once' },
        });
        expect([await settings().find(), await settings().revisions()]).toEqual([undefined, []]);
        for (let number = 1; number <= 12; number++) await settings().replace(revision(number));
        expect(await settings().find()).toEqual(revision(12));
        await expect(settings().replace(revision(12, 0.5))).rejects.toMatchObject({
          code: 'settings.version-conflict',
        });
        expect(await settings().revisions()).toEqual(Array.from({ length: 12 }, (_, i) => revision(i + 1)));
        const both = await Promise.allSettled([13, 13].map((number) => settings().replace(revision(number))));
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      });
    });

    describe('journeys.record', () => {
      it('creates a journey and says that there was none', async () => {
        const journey = aJourney({
          visitor: fresh('vis'),
          segments: { plan: 'free', 'a.b-c': 'ünï' },
          arrivedAt: NOON + 5,
          signals: ['burst', 'no-cookie'],
          steps: { question: { at: NOON + 9 }, buy: { at: NOON + 10, value: { at: NOON + 11, amount: 2990 } } },
        });
        expect(await journeys().record(journey)).toEqual({ before: undefined, after: journey });
        expect(await stored(journey)).toEqual(journey);
      });

      it('says what was known when told again, and changes nothing', async () => {
        const journey = aJourney({
          visitor: fresh('vis'),
          steps: { buy: { at: NOON, value: { at: NOON, amount: 1 } } },
        });
        await journeys().record(journey);
        expect(await journeys().record(journey)).toEqual({ before: journey, after: journey });
        expect(await stored(journey)).toEqual(journey);
      });

      it('keeps the facts of the first assignment', async () => {
        const first = aJourney({ visitor: fresh('vis'), variant: 'ladder', segments: { plan: 'free' } });
        await journeys().record(first);
        const { after } = await journeys().record({
          ...first,
          variant: 'one-ask',
          sequence: 2,
          epoch: 3,
          source: 'redirect',
          segments: { plan: 'paid' },
        });
        expect(after).toEqual(first);
        expect(await stored(first)).toEqual(first);
      });

      it('stores what merge gives, for any news in any order, and answers with it each time', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(someNews(), { minLength: 1, maxLength: 5 }), async (events) => {
            const visitor = fresh('vis');
            let expected: Journey | undefined;
            for (const event of events) {
              const news = { ...event, visitor };
              const before: Journey | undefined = expected;
              expected = before ? merge(before, news) : news;
              expect(await journeys().record(news)).toEqual({ before, after: expected });
            }
            expect(await journeys().find('checkout', visitor)).toEqual(expected);
          }),
          { numRuns: 25 },
        );
      });

      it('pulls a time earlier when an earlier event comes late', async () => {
        const visitor = fresh('vis');
        await journeys().record(aJourney({ visitor, assignedAt: NOON, steps: { buy: { at: NOON + 9 } } }));
        const { after } = await journeys().record(
          anEvent({ visitor, assignedAt: NOON - DAY, steps: { buy: { at: NOON + 3 } } }),
        );
        expect(after).toMatchObject({ assignedAt: NOON - DAY, steps: { buy: { at: NOON + 3 } } });
        expect(await journeys().find('checkout', visitor)).toEqual(after);
      });

      it('lets concurrent writers converge on what all of them know', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(someNews(['buy']), { minLength: 8, maxLength: 8 }), async (events) => {
            const visitor = fresh('vis');
            const news = events.map((event) => ({ ...event, visitor }));
            await Promise.all(news.map((each) => journeys().record(each)));
            expect(await journeys().find('checkout', visitor)).toEqual(news.reduce(merge));
          }),
          { numRuns: 10 },
        );
      });

      it('keeps steps, segments and visitors apart whatever they are called', async () => {
        const visitor = `${fresh('vis')} #/é東🙂`;
        const journey = aJourney({
          visitor,
          segments: { 'value#x': 'step#buy', constructor: 'x' },
          steps: { 'value-buy': { at: 1 }, buy: { at: 2 }, constructor: { at: 3 }, size: { at: 4 } },
        });
        await journeys().record(journey);
        expect(await stored(journey)).toEqual(journey);
      });

      it('dates the end of an item by the entry of its visitor', async () => {
        const journey = anEvent({ visitor: fresh('vis'), steps: { buy: { at: NOON + 999 } } });
        await journeys().record(journey);
        await journeys().record({ ...journey, assignedAt: NOON + 5 * DAY });
        expect((await rawItem(journey))?.expiresAt).toEqual({ N: String((NOON + RETENTION_DAYS * DAY) / 1000) });
      });

      it('reads an item with attributes that newer code has added', async () => {
        const journey = aJourney({ visitor: fresh('vis'), steps: { buy: { at: NOON } } });
        await journeys().record(journey);
        await engine.client.send(
          new PutItemCommand({
            TableName: TABLES.journeys,
            Item: { ...(await rawItem(journey)), mood: { S: 'bright' }, stepless: { M: {} }, 'note#buy': { L: [] } },
          }),
        );
        expect(await stored(journey)).toEqual(journey);
        expect((await journeys().record(journey)).before).toEqual(journey);
        expect(await rawItem(journey)).toMatchObject({ mood: { S: 'bright' } });
      });

      it('reads an item that has nothing but its facts', async () => {
        const { assignedAt: _, ...bare } = aJourney({ visitor: fresh('vis') });
        const { segments: __, signals: ___, steps: ____, ...rest } = bare;
        await engine.client.send(
          new PutItemCommand({
            TableName: TABLES.journeys,
            Item: {
              ...keyOf(bare),
              variant: { S: rest.variant },
              sequence: { N: '1' },
              epoch: { N: '1' },
              revision: { N: '2' },
              source: { S: rest.source },
            },
          }),
        );
        expect(await stored(bare)).toEqual(bare);
      });
    });

    describe('journeys.recordKnown', () => {
      it('refuses a visitor nobody knows, and creates nothing', async () => {
        const journey = aJourney({ visitor: fresh('vis') });
        expect(await journeys().recordKnown(journey)).toBeUndefined();
        expect(await stored(journey)).toBeUndefined();
      });

      it('records what is new of a visitor it knows', async () => {
        const journey = aJourney({ visitor: fresh('vis') });
        await journeys().record(journey);
        const news = anEvent({ visitor: journey.visitor, steps: { buy: { at: NOON + 1 } }, signals: ['interaction'] });
        expect(await journeys().recordKnown(news)).toEqual({ before: journey, after: merge(journey, news) });
        expect(await stored(journey)).toEqual(merge(journey, news));
      });
    });

    describe('journeys.all', () => {
      it('gives every journey of an experiment once, from every bucket, and of no other', async () => {
        const experiment = fresh('exp');
        const visitors = Array.from({ length: 600 }, (_, i) => `visitor-${i}`);
        expect(new Set(visitors.map((visitor) => murmur3(visitor, 0) % 256)).size).toBeGreaterThan(200);
        await inBatches(visitors, (visitor) => journeys().record(aJourney({ experiment, visitor })));
        await journeys().record(aJourney({ experiment: `${experiment}-other` }));
        const found = await everyone(experiment);
        expect(found.map(({ visitor }) => visitor).sort()).toEqual([...visitors].sort());
        expect(new Set(found.map((journey) => journey.experiment))).toEqual(new Set([experiment]));
      });

      it('reads on where a bucket is larger than one page', async () => {
        const experiment = fresh('exp');
        const oneBucket = Array.from({ length: 10_000 }, (_, i) => `v${i}`).filter(
          (visitor) => murmur3(visitor, 0) % 256 === 7,
        );
        const visitors = oneBucket.slice(0, 25);
        await inBatches(visitors, (visitor) =>
          journeys().record(aJourney({ experiment, visitor, segments: { ballast: 'x'.repeat(60_000) } })),
        );
        expect((await everyone(experiment)).map(({ visitor }) => visitor).sort()).toEqual([...visitors].sort());
      });
    });

    describe('journeys.page', () => {
      const pages = async (experiment: string) => {
        const all: JourneyPage[] = [];
        for (let after: string | undefined; ; ) {
          const page = await journeys().page(experiment, after);
          all.push(page);
          after = page.journeys.at(-1)?.visitor;
          if (page.last) return all;
          expect(page.journeys.length).toBeGreaterThan(0);
        }
      };
      const visitorsOn = (all: readonly JourneyPage[]) =>
        all.flatMap(({ journeys: some }) => some.map(({ visitor }) => visitor));

      it('gives every journey once over its pages, always in one order, and of no other experiment', async () => {
        const experiment = fresh('exp');
        const visitors = Array.from({ length: 600 }, (_, i) => `visitor-${i}`);
        await inBatches(visitors, (visitor) => journeys().record(aJourney({ experiment, visitor })));
        await journeys().record(aJourney({ experiment: `${experiment}-other` }));
        const all = await pages(experiment);
        expect(all.length).toBeGreaterThan(1);
        expect(visitorsOn(all).sort()).toEqual([...visitors].sort());
        expect(visitorsOn(await pages(experiment))).toEqual(visitorsOn(all));
      });

      it('goes on behind any visitor, also one that is not there any more', async () => {
        const experiment = fresh('exp');
        const visitors = Array.from({ length: 40 }, (_, i) => `visitor-${i}`);
        await inBatches(visitors, (visitor) => journeys().record(aJourney({ experiment, visitor })));
        const inOrder = visitorsOn(await pages(experiment));
        for (const place of [0, 17, 38, 39]) {
          const { journeys: behind } = await journeys().page(experiment, inOrder[place]);
          expect(behind.map(({ visitor }) => visitor)).toEqual(inOrder.slice(place + 1));
        }
        await journeys().erase(experiment, inOrder[17] ?? '');
        const { journeys: behind, last } = await journeys().page(experiment, inOrder[17]);
        expect([behind.map(({ visitor }) => visitor), last]).toEqual([inOrder.slice(18), true]);
      });

      it('leaves no gap where one bucket is larger than a query gives', async () => {
        const experiment = fresh('exp');
        const inBucket = (wanted: number) =>
          Array.from({ length: 10_000 }, (_, i) => `v${i}`).filter((each) => murmur3(each, 0) % 256 === wanted);
        // In the midst of buckets that are read several at a time.
        const visitors = [...inBucket(11).slice(0, 3), ...inBucket(12).slice(0, 25), ...inBucket(13).slice(0, 3)];
        await inBatches(visitors, (visitor) =>
          journeys().record(aJourney({ experiment, visitor, segments: { ballast: 'x'.repeat(60_000) } })),
        );
        expect(visitorsOn(await pages(experiment)).sort()).toEqual([...visitors].sort());
      });

      it('is empty, and the last, where nobody is', async () => {
        expect(await journeys().page(fresh('exp'))).toEqual({ journeys: [], last: true });
      });
    });

    describeCommitments({ journeys, engine: () => engine, fresh });

    describe('journeys.erase', () => {
      it('leaves nothing of a visitor, and says whether there was anything', async () => {
        const journey = aJourney({ visitor: fresh('vis') });
        await journeys().record(journey);
        expect(await journeys().erase(journey.experiment, journey.visitor)).toBe(true);
        expect(await journeys().erase(journey.experiment, journey.visitor)).toBe(false);
        expect(await stored(journey)).toBeUndefined();
      });
    });

    describe('experiments', () => {
      const line = (revision: number, experiment: Revision['experiment']): Revision => ({
        revision,
        at: NOON + revision,
        by: 'ada',
        action: revision === 1 ? 'created' : 'edited',
        experiment,
      });
      const created = async (id = fresh('exp')) => {
        const experiment = { ...anExperiment({ status: 'draft' }), id };
        await experiments().create(experiment, line(1, experiment));
        return experiment;
      };

      it('are read back as they were written, and not there before', async () => {
        expect(await experiments().find(fresh('exp'))).toBeUndefined();
        const experiment = await created();
        expect(await experiments().find(experiment.id)).toEqual(experiment);
        expect(await experiments().list()).toContainEqual(experiment);
      });

      it('refuse a second one of the same id, and leave the first and its history alone', async () => {
        const experiment = await created();
        const second = { ...experiment, salt: 'other' };
        await expect(experiments().create(second, line(1, second))).rejects.toMatchObject({
          code: 'experiment.exists',
        });
        expect(await experiments().find(experiment.id)).toEqual(experiment);
        expect(await experiments().revisions(experiment.id)).toEqual([line(1, experiment)]);
      });

      it('are replaced by the next revision only', async () => {
        const experiment = await created();
        const next = { ...experiment, revision: 2, salt: 'next' };
        await experiments().replace(next, line(2, next));
        for (const revision of [2, 4]) {
          const wrong = { ...experiment, revision, salt: 'wrong' };
          const refused = experiments().replace(wrong, line(revision, wrong));
          await expect(refused).rejects.toBeInstanceOf(Problem);
          await expect(refused).rejects.toMatchObject({ code: 'experiment.version-conflict' });
        }
        expect(await experiments().find(experiment.id)).toEqual(next);
        expect((await experiments().revisions(experiment.id)).map(({ revision }) => revision)).toEqual([1, 2]);
      });

      it('cannot be replaced before they are there', async () => {
        const nobody = { ...anExperiment(), id: fresh('exp') };
        await expect(experiments().replace(nobody, line(2, nobody))).rejects.toMatchObject({
          code: 'experiment.version-conflict',
        });
      });

      it('let one of several editors of a revision through', async () => {
        const experiment = await created();
        const edits = await Promise.allSettled(
          ['a', 'b', 'c', 'd'].map((salt) => {
            const next = { ...experiment, revision: 2, salt };
            return experiments().replace(next, line(2, next));
          }),
        );
        expect(edits.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        const [, second] = await experiments().revisions(experiment.id);
        expect(second?.experiment).toEqual(await experiments().find(experiment.id));
      });

      it('keep every revision in the order in which they were made, over several pages', async () => {
        const experiment = await created();
        const hypothesis = 'x'.repeat(2_000).repeat(50);
        for (let revision = 2; revision <= 14; revision++) {
          const next = { ...experiment, revision, definition: { ...aDefinition(), hypothesis } };
          await experiments().replace(next, line(revision, next));
        }
        const revisions = await experiments().revisions(experiment.id);
        expect(revisions.map(({ revision }) => revision)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
        expect(revisions[13]).toEqual(
          line(14, { ...experiment, revision: 14, definition: { ...aDefinition(), hypothesis } }),
        );
      });
    });

    describe('tallies', () => {
      const tally = (cells: Record<string, Record<string, number>>): Tally => new Map(Object.entries(cells));
      const live = (experiment: string, cells: Record<string, Record<string, number>>) => [
        { experiment, ledger: 'live' as const, tally: tally(cells) },
      ];

      it('are nothing before the first commit', async () => {
        expect(await tallies().read(fresh('exp'), 'live')).toEqual(new Map());
      });

      it('add up over commits and over shards, and drop what comes to zero', async () => {
        const [experiment, one, other] = [fresh('exp'), fresh('shard'), fresh('shard')];
        const cell = '1#1#20468#ladder#human#';
        expect(
          await tallies().commit({
            shard: one,
            first: '1',
            last: '5',
            deltas: live(experiment, { [cell]: { n: 2, f0: 2 } }),
          }),
        ).toEqual({ kind: 'committed' });
        await tallies().commit({
          shard: other,
          first: '1',
          last: '5',
          deltas: live(experiment, { [cell]: { n: 1, f0: 1 } }),
        });
        await tallies().commit({
          shard: one,
          first: '6',
          last: '6',
          deltas: live(experiment, { [cell]: { f0: -3, f1: 3 } }),
        });
        expect(await tallies().read(experiment, 'live')).toEqual(tally({ [cell]: { n: 3, f1: 3 } }));
      });

      it('keep ledgers and experiments apart, in one commit', async () => {
        const [a, b] = [fresh('exp'), fresh('exp')];
        const deltas = [
          ...live(a, { c: { n: 1 } }),
          { experiment: a, ledger: 'erased' as const, tally: tally({ c: { n: 2 } }) },
          ...live(b, { c: { n: 3 }, 'd#seg=x%23y': { n: 4 } }),
        ];
        await tallies().commit({ shard: fresh('shard'), first: '1', last: '1', deltas });
        expect(await tallies().read(a, 'live')).toEqual(tally({ c: { n: 1 } }));
        expect(await tallies().read(a, 'erased')).toEqual(tally({ c: { n: 2 } }));
        expect(await tallies().read(b, 'live')).toEqual(tally({ c: { n: 3 }, 'd#seg=x%23y': { n: 4 } }));
      });

      it.each([
        { name: 'the same stretch', first: '5', last: '9' },
        { name: 'a stretch that overlaps its end', first: '9', last: '12' },
        { name: 'a stretch before it', first: '1', last: '4' },
        { name: 'a stretch around it', first: '1', last: '20' },
      ])('refuse $name once a stretch was counted, add nothing, and say how far they are', async ({ first, last }) => {
        const [experiment, shard] = [fresh('exp'), fresh('shard')];
        await tallies().commit({ shard, first: '5', last: '9', deltas: live(experiment, { c: { n: 1 } }) });
        const outcome = await tallies().commit({ shard, first, last, deltas: live(experiment, { c: { n: 1 } }) });
        expect(outcome.kind).toBe('overtaken');
        expect(outcome.kind === 'overtaken' && BigInt(outcome.checkpoint)).toBe(9n);
        expect(await tallies().read(experiment, 'live')).toEqual(tally({ c: { n: 1 } }));
      });

      it('order sequence numbers as numbers, whatever their length', async () => {
        const [experiment, shard] = [fresh('exp'), fresh('shard')];
        const stretches = [
          ['9', '10'],
          ['99', '100'],
          ['4900000000000000000001', '49000000000000000000010'],
          [`1${'0'.repeat(39)}`, `2${'0'.repeat(39)}`],
        ];
        for (const [first = '', last = ''] of stretches)
          expect(await tallies().commit({ shard, first, last, deltas: live(experiment, { c: { n: 1 } }) })).toEqual({
            kind: 'committed',
          });
        expect(await tallies().read(experiment, 'live')).toEqual(tally({ c: { n: 4 } }));
      });

      it('move the checkpoint by a stretch that is worth nothing', async () => {
        const [experiment, shard] = [fresh('exp'), fresh('shard')];
        expect(await tallies().commit({ shard, first: '1', last: '7', deltas: [] })).toEqual({ kind: 'committed' });
        expect(
          await tallies().commit({ shard, first: '7', last: '8', deltas: live(experiment, { c: { n: 1 } }) }),
        ).toMatchObject({ kind: 'overtaken' });
      });

      it('count a stretch once when several consumers commit it at once', async () => {
        const [experiment, shard] = [fresh('exp'), fresh('shard')];
        const outcomes = await Promise.allSettled(
          Array.from({ length: 6 }, () =>
            tallies().commit({ shard, first: '1', last: '3', deltas: live(experiment, { c: { n: 1 } }) }),
          ),
        );
        expect(outcomes.filter((each) => each.status === 'fulfilled' && each.value.kind === 'committed')).toHaveLength(
          1,
        );
        expect(await tallies().read(experiment, 'live')).toEqual(tally({ c: { n: 1 } }));
      });

      const most = Math.min(90, under.transaction - 1);
      it(`take ${most} cells in one commit`, async () => {
        const experiment = fresh('exp');
        const cells = Object.fromEntries(Array.from({ length: most }, (_, i) => [`c${i}`, { n: i + 1 }]));
        await tallies().commit({ shard: fresh('shard'), first: '1', last: '1', deltas: live(experiment, cells) });
        expect(await tallies().read(experiment, 'live')).toEqual(tally(cells));
      });

      // 78 buckets of duration up to a week, on each of twelve rungs, for the time taken and for the wait.
      const everyCounter = Object.fromEntries(
        Array.from({ length: 12 * 78 }, (_, i) => [`${1 + (i % 12)}:${Math.floor(i / 12)}`, i + 1]).flatMap(
          ([name, count]) => [
            [`d${name}`, count],
            [`w${name}`, count],
          ],
        ),
      ) as Record<string, number>;

      it('take three hundred counters of one cell in one commit: an update expression has 4 KB at most', async () => {
        const experiment = fresh('exp');
        const counters = Object.fromEntries(Object.entries(everyCounter).slice(0, 300));
        await tallies().commit({
          shard: fresh('shard'),
          first: '1',
          last: '1',
          deltas: live(experiment, { c: counters }),
        });
        expect(await tallies().read(experiment, 'live')).toEqual(tally({ c: counters }));
      });

      it('take a correction of every counter a ladder of twelve steps can have', async () => {
        const experiment = fresh('exp');
        await tallies().correct(experiment, tally({ c: everyCounter }));
        expect(await tallies().read(experiment, 'live')).toEqual(tally({ c: everyCounter }));
      });

      it('are read over several pages', async () => {
        const experiment = fresh('exp');
        const counters = Object.fromEntries(
          Array.from({ length: 150 }, (_, i) => [`d${i}:${i}-ballast-ballast-ballast`, i + 1]),
        );
        let cells = {};
        for (let cell = 0; cell < 320; cell += most) {
          const some = Object.fromEntries(Array.from({ length: most }, (_, i) => [`c${cell + i}`, counters]));
          cells = { ...cells, ...some };
          await tallies().commit({ shard: fresh('shard'), first: '1', last: '1', deltas: live(experiment, some) });
        }
        expect(await tallies().read(experiment, 'live')).toEqual(tally(cells));
      });

      it('take a correction, which only the live ledger shows', async () => {
        const [experiment, shard] = [fresh('exp'), fresh('shard')];
        await tallies().commit({ shard, first: '1', last: '1', deltas: live(experiment, { c: { n: 5 } }) });
        await tallies().correct(experiment, tally({ c: { n: -2 }, d: { n: 1 } }));
        expect(await tallies().read(experiment, 'live')).toEqual(tally({ c: { n: 3 }, d: { n: 1 } }));
        expect(await tallies().read(experiment, 'erased')).toEqual(new Map());
        expect(await tallies().commit({ shard, first: '2', last: '2', deltas: [] })).toEqual({ kind: 'committed' });
      });
    });

    describe('reports', () => {
      const report = (experiment: string, writtenAt: number): Report => {
        const made = aReport({ daily: clearWinner });
        return { ...made, experiment: { ...made.experiment, id: experiment }, writtenAt };
      };

      it('are found by the instant they were written at, with their page', async () => {
        const experiment = fresh('exp');
        expect(await reports().find(experiment, NOON)).toBeUndefined();
        await reports().put(report(experiment, NOON), '<p>é</p>');
        expect(await reports().find(experiment, NOON)).toEqual({ report: report(experiment, NOON), html: '<p>é</p>' });
        expect(await reports().find(experiment, NOON + 1)).toBeUndefined();
      });

      it('are listed by their headlines, newest first, so many at a time', async () => {
        const experiment = fresh('exp');
        const instants = [0, 1, 2, 3, 4].map((day) => NOON + day * DAY);
        for (const at of instants) await reports().put(report(experiment, at), '');
        const written = async (limit: number, before?: number) =>
          (await reports().headlines(experiment, limit, before)).map(({ writtenAt }) => writtenAt);
        expect(await written(31)).toEqual(instants.toReversed());
        expect(await written(2)).toEqual([instants[4], instants[3]]);
        expect(await written(2, instants[3])).toEqual([instants[2], instants[1]]);
        expect(await reports().headlines(experiment, 1)).toEqual([headlineOf(report(experiment, NOON + 4 * DAY))]);
      });

      it('are listed over several pages of the table, and read whole where they were kept without a headline', async () => {
        const experiment = fresh('exp');
        const large = '<p>'.repeat(100);
        for (let day = 0; day < 6; day++) {
          const made = report(experiment, NOON + day * DAY);
          await engine.client.send(
            new PutItemCommand({
              TableName: TABLES.catalog,
              Item: {
                pk: { S: `reports#${experiment}` },
                sk: { S: new Date(made.writtenAt).toISOString() },
                document: { S: JSON.stringify({ ...made, ballast: 'x'.repeat(300_000) }) },
                html: { B: gzipSync(large) },
              },
            }),
          );
        }
        const headlines = await reports().headlines(experiment, 31);
        expect(headlines).toEqual([5, 4, 3, 2, 1, 0].map((day) => headlineOf(report(experiment, NOON + day * DAY))));
      });

      it('give the latest, whichever was written last', async () => {
        const experiment = fresh('exp');
        expect(await reports().latest(experiment)).toBeUndefined();
        for (const at of [NOON, NOON + 2 * DAY, NOON + DAY]) await reports().put(report(experiment, at), `<p>${at}`);
        expect(await reports().latest(experiment)).toEqual(report(experiment, NOON + 2 * DAY));
      });
    });

    const keyOf = ({ experiment, visitor }: Journey) => ({
      pk: { S: `${experiment}#${(murmur3(visitor, 0) % 256).toString(16).padStart(2, '0')}` },
      sk: { S: visitor },
    });
    const rawItem = async (journey: Journey) =>
      (await engine.client.send(new GetItemCommand({ TableName: TABLES.journeys, Key: keyOf(journey) }))).Item;
  });
}

async function inBatches<T>(list: readonly T[], run: (each: T) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < list.length; i += 20) await Promise.all(list.slice(i, i + 20).map(run));
}
