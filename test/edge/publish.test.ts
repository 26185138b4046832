import { describe, expect, it } from 'vitest';
import { type Experiment, type Revision, redefine } from '#shared/experiment/experiment.ts';
import { cloudFrontEdgeStore, type KeyValueStoreCalls } from '#shared/store/cloudfront/edge-store.ts';
import type { EdgeStore, Settings } from '#shared/usecases/ports.ts';
import { publishPacked, VALUE_LIMIT_BYTES } from '#shared/usecases/publish-packed.ts';
import { aDefinition, anExperiment, NOON } from '../support/an-experiment.ts';

const SECRET = 'x'.repeat(44);
const variants = (url = 'https://shop.example/a') =>
  ['one-ask', 'ladder'].map((id) => ({ id, name: id, steps: [{ id: 'buy', name: 'Buy', url }] }));

function world(...history: readonly [Experiment, ...Experiment[]]) {
  const kept = [...history];
  const values = new Map<string, string>();
  const edge: EdgeStore = {
    put: async (key, value) => {
      values.set(key, value);
    },
    remove: async (key) => {
      values.delete(key);
    },
  };
  const experiments = {
    find: async (id: string) => (kept.at(-1)?.id === id ? kept.at(-1) : undefined),
    revisions: async (): Promise<Revision[]> =>
      kept.map((experiment) => ({ revision: experiment.revision, at: 0, by: 'me', action: 'edited', experiment })),
  };
  const set: { now: Settings | undefined } = { now: undefined };
  const settings = { find: async () => set.now };
  const secrets = { tokenSecret: async () => ({ current: SECRET }) };
  return { deps: { experiments, edge, settings, secrets }, values, kept, set };
}
const heldOut = (revision: number, share: number): Settings => ({
  revision,
  at: NOON,
  by: 'ada',
  holdout: { share, salt: 'drawn once' },
});
const read = (values: ReadonlyMap<string, string>) => JSON.parse(values.get('checkout') ?? 'null');

describe('publishPacked', () => {
  it('publishes a running experiment in its packed form', async () => {
    const { deps, values } = world(anExperiment({ variants: variants() }));
    const publication = await publishPacked(deps, 'checkout', () => true);
    expect(publication).toEqual({ kind: 'published', revision: 2, bytes: 8 + (values.get('checkout') ?? '').length });
    expect(read(values)).toMatchObject({
      secret: SECRET,
      steady: true,
      packed: { id: 'checkout', kind: 'split', revision: 2 },
    });
  });

  it('publishes a paused and a concluded one, which serve one variant', async () => {
    for (const [status, serve] of [
      ['paused', 0],
      ['concluded', 1],
    ] as const) {
      const { deps, values } = world(anExperiment({ status, ship: 'ladder', variants: variants() }));
      await publishPacked(deps, 'checkout', () => true);
      expect(read(values).packed).toMatchObject({ kind: 'fixed', serve });
    }
  });

  it.each([
    { reason: 'draft', experiment: anExperiment({ status: 'draft', variants: variants() }), wanted: true },
    { reason: 'not-wanted', experiment: anExperiment({ variants: variants() }), wanted: false },
    { reason: 'no-address', experiment: anExperiment(), wanted: true },
    {
      reason: 'too-large',
      experiment: anExperiment({ variants: variants(`https://shop.example/${'a'.repeat(400)}`) }),
      wanted: true,
    },
  ])('withholds an experiment and takes back what the edge had: $reason', async ({ reason, experiment, wanted }) => {
    const { deps, values } = world(experiment);
    values.set('checkout', 'as it was');
    expect(await publishPacked(deps, 'checkout', () => wanted)).toMatchObject({ kind: 'withheld', reason });
    expect(values.size).toBe(0);
  });

  it('fits what the store takes, in bytes and with its key', async () => {
    for (let length = 300; length < 420; length++) {
      const { deps, values } = world(
        anExperiment({ variants: variants(`https://shop.example/${'a'.repeat(length)}`), forced: { ä: 'ladder' } }),
      );
      const publication = await publishPacked(deps, 'checkout', () => true);
      const value = values.get('checkout');
      expect(publication.kind === 'published').toBe(value !== undefined);
      if (value !== undefined) expect(Buffer.byteLength(`checkout${value}`)).toBeLessThanOrEqual(VALUE_LIMIT_BYTES);
    }
  });

  it('ends with the last revision when changes and publications overlap', async () => {
    const first = anExperiment({ variants: variants() });
    const { deps, values, kept } = world(first);
    const late = { ...deps.edge };
    let changes = 3;
    late.put = async (key, value) => {
      const last = kept.at(-1) ?? first;
      if (changes-- > 0)
        kept.push(redefine(last, aDefinition({ variants: variants(), name: `Name ${changes}` }), NOON));
      values.set(key, value);
    };
    expect(await publishPacked({ ...deps, edge: late }, 'checkout', () => true)).toMatchObject({ revision: 5 });
    expect(read(values).packed.revision).toBe(5);
  });

  it('publishes the holdout of the installation, and looks again in case it changed meanwhile', async () => {
    const { deps, values, set } = world(anExperiment({ variants: variants() }));
    set.now = heldOut(1, 0.125);
    const late = { ...deps.edge };
    late.put = async (key, value) => {
      if (set.now?.revision === 1) set.now = heldOut(2, 0.25);
      values.set(key, value);
    };
    await publishPacked({ ...deps, edge: late }, 'checkout', () => true);
    expect(read(values)).toMatchObject({ steady: true, packed: { holdout: { end: 2 ** 30 } } });
  });

  it('says that an experiment is no longer steady for ever after its visitors moved', async () => {
    const start = anExperiment({ variants: variants() });
    const weights = (a: number, b: number) => variants().map((each, i) => ({ ...each, weight: i === 0 ? a : b }));
    const moved = redefine(start, aDefinition({ variants: weights(1, 9) }), NOON);
    const back = redefine(moved, aDefinition({ variants: weights(1, 1) }), NOON);
    const { deps, values } = world(start, moved, back);
    await publishPacked(deps, 'checkout', () => true);
    expect(read(values).steady).toBe(false);
  });

  it('refuses an experiment that nobody defined', async () => {
    const { deps } = world(anExperiment());
    await expect(publishPacked(deps, 'other', () => true)).rejects.toMatchObject({ code: 'experiment.not-found' });
  });
});

describe('cloudFrontEdgeStore', () => {
  function store({ conflicts = 0, missing = false } = {}) {
    let version = 1;
    let left = conflicts;
    const calls: string[] = [];
    const answer = async (what: string, IfMatch: string) => {
      calls.push(`${what} for ${IfMatch}`);
      if (left-- > 0) {
        version += 1;
        throw Object.assign(new Error('conflict'), { name: 'ConflictException' });
      }
      if (missing) throw Object.assign(new Error('no key'), { name: 'ResourceNotFoundException' });
      if (IfMatch !== `v${version}`) throw new Error('a stale version was accepted');
    };
    const api: KeyValueStoreCalls = {
      describeKeyValueStore: async () => ({ ETag: `v${version}` }),
      putKey: ({ Key, Value, IfMatch }) => answer(`put ${Key}=${Value}`, IfMatch),
      deleteKey: ({ Key, IfMatch }) => answer(`delete ${Key}`, IfMatch),
    };
    return { edge: cloudFrontEdgeStore(api, 'arn:aws:cloudfront::1:key-value-store/1', async () => {}), calls };
  }

  it('writes for the version it has just read', async () => {
    const { edge, calls } = store();
    await edge.put('checkout', '{}');
    await edge.remove('checkout');
    expect(calls).toEqual(['put checkout={} for v1', 'delete checkout for v1']);
  });

  it('tries again with the version that won', async () => {
    const { edge, calls } = store({ conflicts: 2 });
    await edge.put('checkout', '{}');
    expect(calls.map((call) => call.slice(-2))).toEqual(['v1', 'v2', 'v3']);
  });

  it('gives up when it never wins', async () => {
    await expect(store({ conflicts: 99 }).edge.put('checkout', '{}')).rejects.toThrow('conflict');
  });

  it('has nothing against removing what is not there', async () => {
    await expect(store({ missing: true }).edge.remove('checkout')).resolves.toBeUndefined();
    await expect(store({ missing: true }).edge.put('checkout', '{}')).rejects.toThrow('no key');
  });
});
