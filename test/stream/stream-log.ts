import fc from 'fast-check';
import { currentSequence } from '#shared/experiment/experiment.ts';
import type { Sequence } from '#shared/experiment/sequence.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import type { JourneyRecord } from '#shared/usecases/fold-stream.ts';
import type { Random } from '../../local/simulation/random.ts';
import { anExperiment } from '../support/an-experiment.ts';
import { someNews } from '../support/arbitraries.ts';
import { EVERY_METRIC } from '../support/every-metric.ts';

export const sequence: Sequence = currentSequence(anExperiment({ metrics: EVERY_METRIC }));

/** One shard: open for a while, then closed, and followed by those that it split into. */
export type LoggedShard = {
  readonly id: string;
  readonly parent: string | undefined;
  readonly records: readonly JourneyRecord[];
};

/** What the shards of a stream say of a table, and what the table says itself. */
export type StreamLog = {
  /** Parents before their children. */
  readonly shards: readonly LoggedShard[];
  /** The worth of all journeys that are there, and of all that were erased. */
  readonly present: Tally;
  readonly erased: Tally;
};

/**
 * The stream of some visitors who do something now and then: in order within a shard, numbered with gaps, and with numbers
 * that gain a digit on the way. One event in seven is told twice, one visitor in twenty is erased, and may come back.
 *
 * Half way the first shard closes and splits in two, and the others are followed by one each, as DynamoDB does it: what is told
 * of one visitor goes on in a child of the shard that told of them before, with higher numbers.
 */
export function streamLog(
  random: Random,
  experiment: string,
  { events, shards, visitors }: { events: number; shards: number; visitors: number },
): StreamLog {
  const news = fc.sample(someNews(), { seed: Math.floor(random.uniform() * 2 ** 31), numRuns: events });
  const logs = new Map<string, { parent: string | undefined; records: JourneyRecord[] }>();
  const next = Array.from({ length: shards }, (_, lineage) => 9_980n + BigInt(lineage));
  const table = new Map<string, Journey>();
  const erased = new TallySum();
  const shardOf = (visitor: number, told: number) => {
    const lineage = visitor % shards;
    const parent = `${experiment}-shard-${lineage}`;
    if (told < events / 2) return { lineage, id: parent, parent: undefined };
    const half = lineage === 0 ? Math.floor(visitor / shards) % 2 : 0;
    return { lineage, id: `${parent}-${half}`, parent };
  };
  const append = (
    { lineage, id, parent }: ReturnType<typeof shardOf>,
    record: { before: Journey | undefined; after: Journey } | { before: Journey; after: undefined },
  ) => {
    const number = (next[lineage] ?? 0n) + 1n + BigInt(Math.floor(random.uniform() * 3));
    next[lineage] = number;
    const log = logs.get(id) ?? { parent, records: [] };
    logs.set(id, log);
    log.records.push({ sequenceNumber: String(number), ...record });
  };
  for (const [told, each] of news.entries()) {
    const number = Math.floor(random.uniform() * visitors);
    const visitor = `visitor-${number}`;
    const shard = shardOf(number, told);
    const variant = number % 2 ? 'ladder' : 'one-ask';
    const before = table.get(visitor);
    if (before && random.uniform() < 0.05) {
      table.delete(visitor);
      erased.add(tallyOf(before, sequence));
      append(shard, { before, after: undefined });
      continue;
    }
    const event = { ...each, experiment, visitor, variant };
    const after = before ? merge(before, event) : event;
    table.set(visitor, after);
    append(shard, { before, after });
    // The embedded engine tells of writes that changed nothing; AWS does not.
    if (random.uniform() < 1 / 7) append(shard, { before: after, after });
  }
  const present = new TallySum();
  for (const journey of table.values()) present.add(tallyOf(journey, sequence));
  return {
    shards: [...logs].map(([id, log]) => ({ id, ...log })),
    present: present.total(),
    erased: erased.total(),
  };
}
