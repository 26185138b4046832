import { murmur3 } from '../../assignment/murmur3.ts';
import type { Ledger } from '../../usecases/ports.ts';

/** Every key of both tables is written here and nowhere else. All keys are strings. */
export const PARTITION = 'pk';
export const SORT = 'sk';

/** Key ranges over which the journeys of one experiment are spread: a partition takes about 1,000 writes a second. */
export const BUCKETS = 256;

/** The bucket a visitor's journeys are in, whatever the experiment. */
export const bucketOf = (visitor: string): number => murmur3(visitor, 0) % BUCKETS;

/** Numbers of 40 digits sort as text the way they count; stream sequence numbers have up to 40. */
const padded = (digits: string, width: number): string => digits.padStart(width, '0');

export const keys = {
  journey: (experiment: string, visitor: string) => ({
    pk: journeyPartition(experiment, bucketOf(visitor)),
    sk: visitor,
  }),
  /** Beside the buckets of its experiment, and in none of them: a recount does not meet it. */
  merges: (experiment: string) => ({ pk: `${experiment}#merges`, sk: 'merges' }),
  experiment: (id: string) => ({ pk: 'experiments', sk: id }),
  revision: (id: string, revision: number) => ({ pk: `revisions#${id}`, sk: padded(String(revision), 8) }),
  settings: (revision: number) => ({ pk: 'settings', sk: padded(String(revision), 8) }),
  tally: (ledger: Ledger, experiment: string, cell: string, lane: number) => ({
    pk: tallyPartition(ledger, experiment),
    sk: `${cell}#${lane}`,
  }),
  checkpoint: (shard: string) => ({ pk: `checkpoint#${shard}`, sk: 'checkpoint' }),
  link: (id: string) => ({ pk: `link#${id}`, sk: 'link' }),
  apiKey: (id: string) => ({ pk: 'api-keys', sk: id }),
  secret: (name: 'token' | 'recipient') => ({ pk: 'secrets', sk: name }),
  delivery: (experiment: string, channel: string, to: string) => ({
    pk: `deliveries#${experiment}`,
    sk: `${channel}#${to}`,
  }),
  report: (experiment: string, at: number) => ({ pk: `reports#${experiment}`, sk: new Date(at).toISOString() }),
};

export const tallyPartition = (ledger: Ledger, experiment: string): string => `tally-${ledger}#${experiment}`;

/** Whether the items of a partition follow from others: live counts and checkpoints come again from journeys and their stream. */
export const isDerived = (partition: string): boolean =>
  partition.startsWith(tallyPartition('live', '')) || partition.startsWith(keys.checkpoint('').pk);

export const journeyPartition = (experiment: string, bucket: number): string =>
  `${experiment}#${bucket.toString(16).padStart(2, '0')}`;

/** The experiment of a journey's partition key. */
export const experimentOfPartition = (partition: string): string => partition.slice(0, partition.lastIndexOf('#'));

/** The cell of a tally's sort key, without its lane. */
export const cellOfSort = (sort: string): string => sort.slice(0, sort.lastIndexOf('#'));

export const sequenceNumber = (digits: string): string => padded(digits, 40);
