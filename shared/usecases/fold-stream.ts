import type { Sequence } from '../experiment/sequence.ts';
import type { Journey } from '../journey/journey.ts';
import { type Counters, NOTHING, type Tally, TallySum } from '../tally/tally.ts';
import { tallyOf } from '../tally/tally-of.ts';
import type { Ledger, LedgerDelta, Tallies } from './ports.ts';

/**
 * One change of one journey, as the stream tells it. `before` is absent for a new journey, `after` for one that was
 * erased or whose time to live ran out.
 */
export type JourneyRecord = { readonly sequenceNumber: string } & (
  | { readonly before: Journey | undefined; readonly after: Journey }
  | { readonly before: Journey; readonly after: undefined }
);

/** The ladder a journey is measured on. */
export type SequenceOf = (experiment: string, version: number) => Promise<Sequence | undefined>;

type Deps = { readonly tallies: Tallies; readonly sequenceOf: SequenceOf };

/** A transaction holds 100 writes; one is the checkpoint, and a few are left free for the tables of a later day. */
const CELLS_PER_COMMIT = 90;
/**
 * An update expression holds 4 KB, which is about 390 counters; many visitors of a long ladder have more duration buckets than
 * that. The rest is room for the change of a single journey, which is never split: at most some 300, with eight metrics.
 */
export const COUNTERS_PER_CELL = 250;

/**
 * Adds a batch of one shard's records to the live tallies, exactly once.
 *
 * Invariant: at every commit the tallies are the sum of all changes up to the shard's checkpoint. A commit adds exactly
 * the records after the checkpoint, because the condition and the cut below use the same number; records are in order and
 * without gaps the first time they come. Retried, split, repeated or overlapping batches are cut at the checkpoint.
 */
export async function foldStream(deps: Deps, shard: string, records: readonly JourneyRecord[]): Promise<void> {
  let rest = records;
  while (rest.length > 0) {
    const { taken, deltas } = await foldPrefix(deps.sequenceOf, rest);
    const first = rest[0]?.sequenceNumber ?? '';
    const last = rest[taken - 1]?.sequenceNumber ?? '';
    const outcome = await deps.tallies.commit({ shard, first, last, deltas });
    if (outcome.kind === 'committed') rest = rest.slice(taken);
    else {
      const left = rest.filter(({ sequenceNumber }) => isAfter(sequenceNumber, outcome.checkpoint));
      if (left.length === rest.length) throw new Error(`shard ${shard} refuses records after its own checkpoint`);
      rest = left;
    }
  }
}

/**
 * Folds as many records as fit one transaction. An erased journey leaves the live tally as it is, because what was counted
 * stays counted; its worth goes to the ledger of the erased, so that recount plus erased is still the live tally.
 */
async function foldPrefix(sequenceOf: SequenceOf, records: readonly JourneyRecord[]) {
  const sums = { live: new Map<string, TallySum>(), erased: new Map<string, TallySum>() };
  const room = new CommitRoom();
  let taken = 0;
  for (const { before, after } of records) {
    const ledger = after ? 'live' : 'erased';
    const gained = await worth(sequenceOf, after ?? before);
    const lost = after && before ? await worth(sequenceOf, before) : NOTHING;
    const experiment = (after ?? before).experiment;
    const fits = room.take(`${ledger}#${experiment}`, [...gained, ...lost]);
    if (!fits && taken > 0) break;
    const sum = sums[ledger].get(experiment) ?? new TallySum();
    sums[ledger].set(experiment, sum.add(gained).add(lost, -1));
    taken += 1;
  }
  return { taken, deltas: [...entries('live', sums.live), ...entries('erased', sums.erased)] };
}

/** What one transaction has room for: so many cells, and in each so many counters. */
class CommitRoom {
  readonly #counters = new Map<string, Set<string>>();

  /** Notes what a record touches; false when that no longer fits. */
  take(ledger: string, touched: readonly (readonly [string, Counters])[]): boolean {
    for (const [cell, counters] of touched) {
      const key = `${ledger}#${cell}`;
      const names = this.#counters.get(key) ?? new Set();
      for (const name of Object.keys(counters)) names.add(name);
      this.#counters.set(key, names);
      if (names.size > COUNTERS_PER_CELL) return false;
    }
    return this.#counters.size <= CELLS_PER_COMMIT;
  }
}

const entries = (ledger: Ledger, sums: ReadonlyMap<string, TallySum>): LedgerDelta[] =>
  [...sums]
    .map(([experiment, sum]) => ({ experiment, ledger, tally: sum.total() }))
    .filter(({ tally }) => tally.size > 0);

async function worth(sequenceOf: SequenceOf, journey: Journey): Promise<Tally> {
  return tallyOf(journey, await sequenceOf(journey.experiment, journey.sequence));
}

/** Sequence numbers are decimal digits of any length; the longer is the later, and equals compare as text. */
function isAfter(a: string, b: string): boolean {
  return BigInt(a) > BigInt(b);
}
