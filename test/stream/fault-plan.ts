import type { Tallies } from '#shared/usecases/ports.ts';
import type { Random } from '../../local/simulation/random.ts';

export type Consume<R> = (records: readonly R[]) => Promise<void>;
/** How often each thing went wrong, so that a test can show that it did. */
export type Faults = {
  crashesBefore: number;
  crashesAfter: number;
  redeliveries: number;
  overlaps: number;
  zombies: number;
  splits: number;
  closings: number;
  ghosts: number;
};
export const noFaults = (): Faults => ({
  crashesBefore: 0,
  crashesAfter: 0,
  redeliveries: 0,
  overlaps: 0,
  zombies: 0,
  splits: 0,
  closings: 0,
  ghosts: 0,
});

class Crash extends Error {}

/** A process that dies now and then around its commit: before it, or after it, when the work is done and nobody learns of it. */
export function crashing(tallies: Tallies, random: Random, faults: Faults): Tallies {
  return {
    ...tallies,
    commit: async (delta) => {
      const chance = random.uniform();
      if (chance < 0.12) {
        faults.crashesBefore += 1;
        throw new Crash('before the commit');
      }
      const outcome = await tallies.commit(delta);
      if (chance < 0.24) {
        faults.crashesAfter += 1;
        throw new Crash('after the commit');
      }
      return outcome;
    },
  };
}

/** A shard as this plan needs to know it. */
type Shard<R> = { readonly id: string; readonly parent: string | undefined; readonly records: readonly R[] };

/**
 * Delivers all shards as Lambda may: several at once, and none before the one it came from is at its end. A run of a shard that is
 * closed, given up long ago, may yet go on beside those of its children.
 */
export async function deliverAll<R, S extends Shard<R>>(
  shards: readonly S[],
  consumerOf: (shard: S, index: number) => Consume<R>,
  randomOf: (index: number) => Random,
  faults: Faults,
): Promise<void> {
  const below = async (parent: S | undefined): Promise<void> => {
    const children = shards.filter((shard) => shard.parent === parent?.id);
    if (parent && children.length > 0) faults.closings += 1;
    await Promise.all([...children.map(read), parent && children.length > 0 && ghost(parent)]);
  };
  const read = async (shard: S): Promise<void> => {
    const index = shards.indexOf(shard);
    await deliver(shard.records, consumerOf(shard, index), randomOf(index), faults);
    await below(shard);
  };
  const ghost = async (shard: S): Promise<void> => {
    faults.ghosts += 1;
    const index = shards.indexOf(shard);
    await consumerOf(shard, index)(shard.records.slice(-40)).catch(() => {});
  };
  await below(undefined);
}

/**
 * Delivers a shard as Lambda may: in order and without gaps the first time, every batch again until it succeeds, some of it
 * split in two, old batches once more, windows that reach back, and runs nobody waits for any longer beside the ones that count.
 */
async function deliver<R>(log: readonly R[], consume: Consume<R>, random: Random, faults: Faults): Promise<void> {
  const upTo = (most: number) => 1 + Math.floor(random.uniform() * most);
  let attempts = 0;
  const tried = async (from: number, until: number) => {
    attempts += 1;
    if (attempts > 10 * log.length) throw new Error('the shard makes no progress');
    try {
      await consume(log.slice(Math.max(0, from), until));
      return true;
    } catch {
      return false;
    }
  };
  let position = 0;
  while (position < log.length) {
    const end = Math.min(log.length, position + upTo(30));
    const chance = random.uniform();
    if (chance < 0.1) {
      faults.redeliveries += 1;
      const from = Math.max(0, position - upTo(80));
      await tried(from, Math.min(position, from + upTo(40)));
    }
    let from = position;
    if (chance > 0.85) {
      faults.overlaps += 1;
      from = position - upTo(30);
    }
    if (chance > 0.4 && chance < 0.6) {
      // A run that was given up and goes on all the same. It was handed the same records, or a part of them.
      faults.zombies += 1;
      const [done] = await Promise.all([tried(from, end), tried(position, Math.min(log.length, position + upTo(30)))]);
      if (done) position = end;
      continue;
    }
    if (await tried(from, end)) position = end;
    else if (end - position > 1 && random.uniform() < 0.5) {
      // Bisected: the first half has to succeed before the second is tried.
      faults.splits += 1;
      const middle = position + Math.floor((end - position) / 2);
      while (!(await tried(position, middle)));
      position = middle;
    }
  }
}
