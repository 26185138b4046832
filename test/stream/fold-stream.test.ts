import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '#shared/experiment/definition.ts';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { dynamoTallies } from '#shared/store/dynamo/tallies.ts';
import { distance, plus, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { COUNTERS_PER_CELL, foldStream, type JourneyRecord, type SequenceOf } from '#shared/usecases/fold-stream.ts';
import type { ShardDelta, Tallies } from '#shared/usecases/ports.ts';
import { seeded } from '../../local/simulation/random.ts';
import { createTables, type Engine, startEngine } from '../../local/stand-ins/engine.ts';
import { aJourney, anExperiment, DAY, NOON, SECOND, steps } from '../support/an-experiment.ts';
import { crashing, deliverAll, type Faults, noFaults } from './fault-plan.ts';
import { sequence, streamLog } from './stream-log.ts';

const sequenceOf: SequenceOf = async (_, version) => (version === 1 ? sequence : undefined);

let engine: Engine;
let tallies: Tallies;
beforeAll(async () => {
  engine = await startEngine();
  await createTables(engine.client, { catalog: 'catalog', journeys: 'journeys' });
  tallies = dynamoTallies(engine.client, 'catalog');
});
afterAll(() => engine?.stop());

/** A consumer as one writes it first: it adds what it is given and keeps no checkpoint. */
const withoutCheckpoint = (): Tallies => ({
  ...tallies,
  commit: async ({ shard, first, deltas }) => {
    // A name nobody has used lets every commit through.
    return tallies.commit({ shard: `${shard}-${first}-${Math.random()}`, first, last: first, deltas });
  },
});

/** Delivers a log of several shards at once under faults, and says how far the tallies are from the truth afterwards. */
async function afterFaults(seed: number, consumer: Tallies, experiment: string) {
  const log = streamLog(seeded(seed), experiment, { events: 500, shards: 4, visitors: 150 });
  const faults: Faults = noFaults();
  await deliverAll(
    log.shards,
    ({ id }, i) => {
      const deps = { tallies: crashing(consumer, seeded(seed * 1_000 + 500 + i), faults), sequenceOf };
      return (batch: readonly JourneyRecord[]) => foldStream(deps, id, batch);
    },
    (i) => seeded(seed * 1_000 + i),
    faults,
  );
  const [live, erased] = [await tallies.read(experiment, 'live'), await tallies.read(experiment, 'erased')];
  return {
    log,
    faults,
    drift: distance(live, plus(log.present, log.erased)),
    erasedDrift: distance(erased, log.erased),
  };
}

describe('foldStream', () => {
  const seeds = [1, 11, 12, 13, 14, 15];
  const survived = new Map<string, number>();

  it.each(seeds)(
    'counts every change once under crashes, redelivery, splits, overlaps, zombies and shards that close (seed %i)',
    async (seed) => {
      const { drift, erasedDrift, log, faults } = await afterFaults(seed, tallies, `exactly-${seed}`);
      expect({ drift, erasedDrift }).toEqual({ drift: 0, erasedDrift: 0 });
      expect(log.erased.size).toBeGreaterThan(0);
      for (const [fault, times] of Object.entries(faults)) survived.set(fault, (survived.get(fault) ?? 0) + times);
    },
  );

  it('was put through every fault: what did not happen was not survived', () => {
    console.log('Faults survived, over all seeds:', Object.fromEntries(survived));
    expect([...survived.keys()].sort()).toEqual(Object.keys(noFaults()).sort());
    // Which of two runs at once comes first is the machine's business, so the counts differ a little from run to run.
    for (const [fault, times] of survived) expect(times, fault).toBeGreaterThan(5);
  });

  it.each(seeds.slice(0, 3))('would drift without the checkpoint under the same faults (seed %i)', async (seed) => {
    const { drift } = await afterFaults(seed, withoutCheckpoint(), `naive-${seed}`);
    expect(drift).toBeGreaterThan(100);
  });

  it('splits a batch that touches more cells than a transaction takes', async () => {
    const records: JourneyRecord[] = Array.from({ length: 400 }, (_, day) => ({
      sequenceNumber: String(1_000 + day),
      before: undefined,
      after: aJourney({ experiment: 'many-cells', visitor: `v${day}`, assignedAt: NOON - day * DAY }),
    }));
    const commits: ShardDelta[] = [];
    const watched: Tallies = {
      ...tallies,
      commit: (delta) => {
        commits.push(delta);
        return tallies.commit(delta);
      },
    };
    await foldStream({ tallies: watched, sequenceOf }, 'many-cells', records);
    expect(distance(await tallies.read('many-cells', 'live'), worthOf(records))).toBe(0);
    expect(commits.map(({ first, last }) => [first, last])).toEqual([
      ['1000', '1089'],
      ['1090', '1179'],
      ['1180', '1269'],
      ['1270', '1359'],
      ['1360', '1399'],
    ]);
  });

  it('splits a batch that touches more counters of one cell than an update expression takes', async () => {
    const long = currentSequence(
      anExperiment({
        variants: [
          { id: 'one-ask', name: 'One', steps: steps('buy') },
          {
            id: 'ladder',
            name: 'Twelve',
            steps: [...steps(...Array.from({ length: 11 }, (_, i) => `s${i}`)), ...steps('buy')],
          },
        ],
      }),
    );
    const random = seeded(5);
    const records: JourneyRecord[] = Array.from({ length: 1_000 }, (_, i) => {
      const taken: Record<string, { at: number }> = {};
      let at = NOON;
      for (let step = 0; step < 11; step++) {
        at += Math.round(SECOND * 2 ** (random.uniform() * 15));
        taken[`s${step}`] = { at };
      }
      return {
        sequenceNumber: String(1 + i),
        before: undefined,
        after: aJourney({ experiment: 'many-counters', visitor: `v${i}`, steps: taken }),
      };
    });
    await foldStream({ tallies, sequenceOf: async () => long }, 'many-counters', records);
    const truth = records
      .reduce((sum, { after }) => sum.add(tallyOf(after ?? aJourney(), long)), new TallySum())
      .total();
    expect(distance(await tallies.read('many-counters', 'live'), truth)).toBe(0);
  });

  it('takes the change of one journey that touches as many counters of a cell as any can', async () => {
    const asks = Array.from({ length: 11 }, (_, i) => `s${i}`);
    const wide = currentSequence(
      anExperiment({
        variants: [
          { id: 'one-ask', name: 'One', steps: steps('buy') },
          { id: 'ladder', name: 'Twelve', steps: [...steps(...asks), ...steps('buy')] },
        ],
        windowDays: 30,
        metrics: Array.from({ length: LIMITS.metrics }, (_, i) => ({
          kind: 'return' as const,
          id: `back-${i}`,
          name: 'Comes back',
          activity: 'visit',
          weeks: 26,
        })),
      }),
    );
    // All that can differ does: every duration of the ladder, and every week but one, so that there is a contrast too.
    const at = (pace: number) => Object.fromEntries(asks.map((step, i) => [step, { at: NOON + pace * (i + 1) }]));
    const weeks = Array.from({ length: 25 }, (_, week) => [`visit#${week}`, { at: NOON + week * 7 * DAY }]);
    const before = aJourney({ experiment: 'wide', arrivedAt: NOON, signals: ['interaction'], steps: at(90 * SECOND) });
    const value = { at: NOON, amount: 90_000_000 };
    const after = {
      ...before,
      conflict: true,
      scans: { buy: NOON },
      steps: { ...at(2 * SECOND), s3: { at: NOON + 8 * SECOND, value } },
      commitments: Object.fromEntries(weeks),
    };
    const touched = new Set([before, after].flatMap((each) => Object.keys([...tallyOf(each, wide).values()][0] ?? {})));
    expect(touched.size).toBeGreaterThan(COUNTERS_PER_CELL);
    const records: JourneyRecord[] = [
      { sequenceNumber: '1', before: undefined, after: before },
      { sequenceNumber: '2', before, after },
    ];
    await foldStream({ tallies, sequenceOf: async () => wide }, 'wide', records);
    expect(distance(await tallies.read('wide', 'live'), tallyOf(after, wide))).toBe(0);
  });

  it('moves what was erased to its own ledger and leaves the live counts as they were', async () => {
    const journey = aJourney({ experiment: 'erased', steps: { question: { at: NOON } } });
    await foldStream({ tallies, sequenceOf }, 'erased', [
      { sequenceNumber: '1', before: undefined, after: journey },
      { sequenceNumber: '2', before: journey, after: undefined },
    ]);
    expect(await tallies.read('erased', 'live')).toEqual(plus(tallyOf(journey, sequence), new Map()));
    expect(await tallies.read('erased', 'erased')).toEqual(plus(tallyOf(journey, sequence), new Map()));
  });

  it('passes over records of a ladder nobody knows, and goes on behind them', async () => {
    const unknown = aJourney({ experiment: 'unknown', visitor: 'a', sequence: 9 });
    const known = aJourney({ experiment: 'unknown', visitor: 'b' });
    await foldStream({ tallies, sequenceOf }, 'unknown', [
      { sequenceNumber: '1', before: undefined, after: unknown },
      { sequenceNumber: '2', before: undefined, after: known },
    ]);
    expect(distance(await tallies.read('unknown', 'live'), tallyOf(known, sequence))).toBe(0);
    expect(await tallies.commit({ shard: 'unknown', first: '2', last: '2', deltas: [] })).toMatchObject({
      kind: 'overtaken',
    });
  });

  it('does not commit what it has not folded when a ladder cannot be looked up', async () => {
    const record = { sequenceNumber: '1', before: undefined, after: aJourney({ experiment: 'outage' }) };
    const down: SequenceOf = () => Promise.reject(new Error('the store is down'));
    await expect(foldStream({ tallies, sequenceOf: down }, 'outage', [record])).rejects.toThrow('down');
    await foldStream({ tallies, sequenceOf }, 'outage', [record]);
    expect(distance(await tallies.read('outage', 'live'), tallyOf(record.after, sequence))).toBe(0);
  });

  it('does nothing with no records', async () => {
    const refusing: Tallies = { ...tallies, commit: () => Promise.reject(new Error('nothing to commit')) };
    await foldStream({ tallies: refusing, sequenceOf }, 'nothing', []);
  });
});

const worthOf = (records: readonly JourneyRecord[]) =>
  records.reduce((sum, { after }) => (after ? sum.add(tallyOf(after, sequence)) : sum), new TallySum()).total();
