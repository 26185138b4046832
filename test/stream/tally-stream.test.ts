import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ShardBatch, tallyStream } from '#functions/stream/tally.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { redefine } from '#shared/experiment/experiment.ts';
import { dynamoExperiments } from '#shared/store/dynamo/experiments.ts';
import { dynamoJourneys } from '#shared/store/dynamo/journeys.ts';
import { dynamoTallies } from '#shared/store/dynamo/tallies.ts';
import { countsOf } from '#shared/tally/counts.ts';
import { identifyVisitor } from '#shared/usecases/identify-visitor.ts';
import { recountWithDrift } from '#shared/usecases/recount.ts';
import { repairTallies } from '#shared/usecases/repair-tallies.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { createTables, type Engine, startEngine } from '../../local/stand-ins/engine.ts';
import { pollStream, type StreamPoller } from '../../local/stand-ins/stream-poller.ts';
import { aDefinition, aJourney, anEvent, anExperiment, NOON } from '../support/an-experiment.ts';
import { someNews } from '../support/arbitraries.ts';

const TABLES = { catalog: 'catalog', journeys: 'journeys' };
let engine: Engine;
let pollers: readonly StreamPoller[] = [];
let failOnce = true;
const complaints: unknown[] = [];

beforeAll(async () => {
  engine = await startEngine();
  await createTables(engine.client, TABLES);
  const start = () => {
    const handler = tallyStream({
      tallies: dynamoTallies(engine.client, TABLES.catalog),
      sequenceOf: sequenceOf(stores().experiments),
    });
    const failingOnce = async (batch: ShardBatch) => {
      const outcome = await handler(batch);
      if (failOnce) {
        // Done, and nobody learns of it: the poller hands the batch over again.
        failOnce = false;
        throw new Error('the answer was lost');
      }
      return outcome;
    };
    return pollStream(engine.client, engine.endpoint, TABLES.journeys, failingOnce, (error) => complaints.push(error));
  };
  pollers = [await start(), await start()];
});
afterAll(async () => {
  await Promise.all(pollers.map((poller) => poller.stop()));
  await engine?.stop();
});

const stores = () => ({
  experiments: dynamoExperiments(engine.client, TABLES.catalog),
  journeys: dynamoJourneys(engine.client, TABLES.journeys, async () => 36_500),
  tallies: dynamoTallies(engine.client, TABLES.catalog),
});
const caughtUp = () => Promise.all(pollers.map((poller) => poller.caughtUp()));
const created = async (id: string): Promise<Experiment> => {
  const experiment = { ...anExperiment(), id };
  await stores().experiments.create(experiment, { revision: 1, at: NOON, by: 'ada', action: 'created', experiment });
  return experiment;
};

describe('the tally stream over the real stream of a table, read by two pollers at once', () => {
  it('drifts by nothing from a recount, with late events, duplicates and erasures', async () => {
    const experiment = await created('drift');
    const { journeys } = stores();
    const news = fc.sample(someNews(), { seed: 7, numRuns: 600 });
    for (let i = 0; i < news.length; i += 30) {
      await Promise.all(
        news.slice(i, i + 30).map((each, k) => {
          const number = ((i + k) * 7919) % 150;
          return journeys.record({
            ...each,
            experiment: 'drift',
            visitor: `v${number}`,
            variant: number % 2 ? 'ladder' : 'one-ask',
          });
        }),
      );
      await journeys.erase('drift', `v${i % 150}`);
    }
    await caughtUp();
    const { tally, drift } = await recountWithDrift(stores(), experiment);
    expect(drift).toBe(0);
    const visitors = countsOf(tally, experiment.sequences[0]).reduce((sum, counts) => sum + counts.visitors, 0);
    expect(visitors).toBeGreaterThanOrEqual(150);
    expect((await stores().tallies.read('drift', 'erased')).size).toBeGreaterThan(0);
    expect(String(complaints[0])).toMatch('the answer was lost');
  });

  it('drifts by nothing while visitors become known, and counts each person once', async () => {
    const experiment = await created('known');
    const { journeys } = stores();
    const news = fc.sample(someNews(), { seed: 11, numRuns: 240 });
    // Of four ids three turn out to be the fourth, while all of them go on doing things.
    await Promise.all(
      news.map(async (each, i) => {
        const [person, id] = [i % 20, Math.floor(i / 20) % 4];
        const visitor = `p${person}-${id}`;
        const variant = id % 2 ? 'ladder' : 'one-ask';
        await journeys.record({ ...each, experiment: 'known', visitor, variant });
        if (i >= 120 && id < 3) await identifyVisitor(stores(), ['known'], visitor, `p${person}-3`);
      }),
    );
    await caughtUp();
    const { tally, drift } = await recountWithDrift(stores(), experiment);
    expect(drift).toBe(0);
    const cells = [...tally.values()];
    const total = (name: string) => cells.reduce((sum, counters) => sum + (counters[name] ?? 0), 0);
    expect([total('n'), total('conflict')]).toEqual([20, 20]);
  });

  it('shows a drift when a ladder was unknown at first, which a repair mends', async () => {
    const experiment = await created('behind');
    const { journeys, experiments } = stores();
    await journeys.record(aJourney({ experiment: 'behind', sequence: 2 }));
    await caughtUp();
    expect(await stores().tallies.read('behind', 'live')).toEqual(new Map());
    const later = {
      ...redefine(experiment, aDefinition({ id: 'behind', windowDays: 9 }), NOON),
      revision: experiment.revision + 1,
    };
    await experiments.replace(later, {
      revision: later.revision,
      at: NOON,
      by: 'ada',
      action: 'edited',
      experiment: later,
    });
    await journeys.record(anEvent({ experiment: 'behind', sequence: 2, steps: { buy: { at: NOON } } }));
    await caughtUp();
    const { drift } = await recountWithDrift(stores(), later);
    expect(drift).toBeGreaterThan(0);
    expect(await repairTallies(stores(), later)).toEqual({ drift, cells: 1, left: 0 });
    expect((await recountWithDrift(stores(), later)).drift).toBe(0);
  });

  it('refuses a record without images', async () => {
    const handler = tallyStream({ tallies: stores().tallies, sequenceOf: sequenceOf(stores().experiments) });
    await expect(handler({ shardId: 's', Records: [{ dynamodb: { SequenceNumber: '1' } }] })).rejects.toThrow(
      'has no image',
    );
  });

  it('refuses a batch that does not name its shard: all shards would share one checkpoint and skip each other', async () => {
    const handler = tallyStream({ tallies: stores().tallies, sequenceOf: sequenceOf(stores().experiments) });
    const key = { pk: { S: 'drift#00' }, sk: { S: 'v' } };
    await expect(handler({ Records: [{ dynamodb: { SequenceNumber: '1', NewImage: key } }] })).rejects.toThrow(/shard/);
  });
});
