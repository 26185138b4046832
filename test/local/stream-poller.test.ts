import { describe, expect, it } from 'vitest';
import type { ShardBatch } from '#functions/stream/tally.ts';
import { clientOf } from '../../local/stand-ins/engine.ts';
import { pollStream } from '../../local/stand-ins/stream-poller.ts';
import { type FakeShard, shardedStream } from './sharded-stream.ts';

/** What of each shard was handed on, in order; a batch that `fails` is thrown back the first time it comes. */
async function handedOn(shards: readonly FakeShard[], wishes: { fails?: string; expires?: string } = {}) {
  let { fails, expires } = wishes;
  const stream = await shardedStream(shards, (iterator) => {
    const expired = iterator === expires;
    if (expired) expires = undefined;
    return expired;
  });
  const client = clientOf(stream.endpoint);
  const told: string[] = [];
  const complaints: unknown[] = [];
  const handler = async ({ shardId, Records }: ShardBatch) => {
    const visitors = Records.map(({ dynamodb }) => `${shardId} ${dynamodb?.NewImage?.sk?.S}`);
    if (visitors.some((visitor) => visitor === fails)) {
      fails = undefined;
      throw new Error('not this time');
    }
    told.push(...visitors);
    return { state: {}, batchItemFailures: [] };
  };
  const poller = await pollStream(client, stream.endpoint, 'journeys', handler, (error) => complaints.push(error));
  await poller.caughtUp();
  await poller.stop();
  client.destroy();
  stream.stop();
  return { told, complaints };
}

const visitors = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}`);
/** A shard that split in two, whose first child, empty, was followed by one more. Children are listed first. */
const family: FakeShard[] = [
  { id: 'grandchild', parent: 'left', visitors: visitors('g', 3), closed: false },
  { id: 'left', parent: 'root', visitors: [], closed: true },
  { id: 'right', parent: 'root', visitors: visitors('r', 5), closed: false },
  { id: 'root', visitors: visitors('a', 5), closed: true },
  { id: 'orphan', parent: 'trimmed away a day ago', visitors: visitors('o', 1), closed: false },
];
const all = family.flatMap(({ id, visitors: told }) => told.map((visitor) => `${id} ${visitor}`));

describe('the stream poller', () => {
  it('hands on every record of every shard once, in order, and knows when it has caught up', async () => {
    const { told, complaints } = await handedOn(family);
    expect(complaints).toEqual([]);
    expect([...told].sort()).toEqual([...all].sort());
    for (const { id } of family) {
      const own = told.filter((each) => each.startsWith(`${id} `));
      expect(own).toEqual([...own].sort());
    }
  });

  it('begins a shard only when the one it came from is at its end', async () => {
    const { told } = await handedOn(family);
    const lastOfRoot = told.lastIndexOf('root a4');
    for (const first of ['right r0', 'grandchild g0']) expect(told.indexOf(first)).toBeGreaterThan(lastOfRoot);
  });

  it('hands a batch over again until it succeeds, and lets no other shard wait for it', async () => {
    const { told, complaints } = await handedOn(family, { fails: 'root a2' });
    expect(String(complaints[0])).toMatch('not this time');
    expect([...told].sort()).toEqual([...all].sort());
    expect(told.indexOf('orphan o0')).toBeLessThan(told.indexOf('root a2'));
  });

  it('begins a shard anew when its position has expired: what was counted is known by its checkpoint', async () => {
    const { told, complaints } = await handedOn(family, { expires: 'right@2' });
    expect(String(complaints[0])).toMatch('Expired');
    expect(new Set(told)).toEqual(new Set(all));
    expect(told.filter((each) => each === 'right r0')).toHaveLength(2);
  });
});
