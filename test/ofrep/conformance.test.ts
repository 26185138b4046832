import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REASONS } from '#shared/contracts/ofrep.ts';
import { DAY, HOUR, NOON } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite, SHOP } from '../support/keyed-site.ts';

let site: KeyedSite;
let key: string;
beforeAll(async () => {
  site = await openKeyedSite();
  key = await site.issue();
  await site.started({ id: 'shop' });
  await site.started({ id: 'forced', forced: { vip: 'ladder' } });
  await site.started({ id: 'draft', status: 'draft' });
  await site.started({ id: 'paused', status: 'paused' });
  await site.started({ id: 'shipped', status: 'concluded', ship: 'ladder' });
  await site.started({ id: 'country', audience: [{ attribute: 'country', operator: 'is', value: 'DE' }] });
  await site.started({ id: 'elsewhere', project: 'other' });
});
afterAll(() => site?.stop());

const ONE = '/ofrep/v1/evaluate/flags';
const one = (flag: string, context: unknown = { targetingKey: 'ada' }, headers = {}) =>
  site.ask(`${ONE}/${flag}`, { key, body: { context }, headers });
const all = (context: unknown = { targetingKey: 'ada' }, headers = {}) =>
  site.ask(ONE, { key, body: { context }, headers });
type Flag = {
  readonly key: string;
  readonly reason: string;
  readonly value?: unknown;
  readonly variant?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
};
const flagsIn = (json: { flags: Flag[] }): Flag[] => json.flags;
function flagIn(json: { flags: Flag[] }, name: string): Flag {
  const found = flagsIn(json).find(({ key: each }) => each === name);
  if (found === undefined) throw new Error(`there is no flag ${name}`);
  return found;
}

describe('a single evaluation', () => {
  it.each([
    { name: '{}', raw: '{}', errorCode: 'TARGETING_KEY_MISSING' },
    { name: 'an empty body', raw: '', errorCode: 'TARGETING_KEY_MISSING' },
    { name: 'an empty targeting key', raw: '{"context":{"targetingKey":""}}', errorCode: 'TARGETING_KEY_MISSING' },
    { name: 'a number for a targeting key', raw: '{"context":{"targetingKey":7}}', errorCode: 'INVALID_CONTEXT' },
    { name: 'an e-mail address', raw: '{"context":{"targetingKey":"a@b.example"}}', errorCode: 'INVALID_CONTEXT' },
    { name: 'a context that is none', raw: '{"context":[]}', errorCode: 'INVALID_CONTEXT' },
    { name: 'what is no JSON', raw: 'not json', errorCode: 'PARSE_ERROR' },
    { name: 'what is no object', raw: '[]', errorCode: 'PARSE_ERROR' },
    { name: 'too much', raw: `{"context":{"targetingKey":"ada","a":"${'a'.repeat(70_000)}"}}`, errorCode: 'GENERAL' },
  ])('answers $name with 400 $errorCode, for one flag and for all', async ({ raw, errorCode }) => {
    const single = await site.ask(`${ONE}/shop`, { key, raw });
    expect([single.status, single.json]).toEqual([400, { key: 'shop', errorCode, errorDetails: expect.any(String) }]);
    expect(single.headers.get('content-type')).toBe('application/json');
    const bulk = await site.ask(ONE, { key, raw });
    expect([bulk.status, bulk.json]).toEqual([400, { errorCode, errorDetails: expect.any(String) }]);
  });

  it('answers 404 for an experiment nobody knows', async () => {
    const { status, json } = await one('nowhere');
    expect([status, json]).toEqual([
      404,
      { key: 'nowhere', errorCode: 'FLAG_NOT_FOUND', errorDetails: expect.any(String) },
    ]);
  });

  it('is SPLIT for a running experiment, and the same over a thousand calls', async () => {
    const { status, json } = await one('shop');
    expect(status).toBe(200);
    expect(json).toEqual({
      key: 'shop',
      reason: 'SPLIT',
      value: expect.stringMatching(/^(one-ask|ladder)$/),
      variant: json.value,
      metadata: {
        experiment: 'shop',
        sequenceVersion: 1,
        variantIndex: json.value === 'one-ask' ? 0 : 1,
        assignment: 'split',
        exposureToken: expect.any(String),
        exposed: false,
      },
    });
    for (let batch = 0; batch < 20; batch++) {
      const again = await Promise.all(Array.from({ length: 50 }, () => one('shop')));
      expect(new Set(again.map(({ text }) => text)).size).toBe(1);
      expect(again[0]?.json).toEqual(json);
    }
  });

  it('is TARGETING_MATCH where the team forces a variant, and gives no token for it', async () => {
    const { json } = await one('forced', { targetingKey: 'vip' });
    expect(json).toMatchObject({ reason: 'TARGETING_MATCH', value: 'ladder', metadata: { assignment: 'forced' } });
    expect(json.metadata).not.toHaveProperty('exposureToken');
  });

  it.each(['draft', 'paused'])('is DISABLED without a value for a %s experiment', async (id) => {
    const { status, json } = await one(id);
    expect([status, json.reason]).toEqual([200, 'DISABLED']);
    expect(json).not.toHaveProperty('value');
    expect(json).not.toHaveProperty('variant');
  });

  it('is STATIC with what was shipped after the conclusion', async () => {
    expect((await one('shipped')).json).toMatchObject({ reason: 'STATIC', value: 'ladder', variant: 'ladder' });
  });

  it('is UNKNOWN with the control for whoever is passed by, and gives no token', async () => {
    const { json } = await one('country', { targetingKey: 'ada', country: 'FR' });
    expect(json).toMatchObject({ reason: 'UNKNOWN', value: 'one-ask', metadata: { assignment: 'not-targeted' } });
    expect(json.metadata).not.toHaveProperty('exposureToken');
  });

  it('has the ladder for a value where the flag or the context asks for it', async () => {
    const ladder = {
      variant: 'ladder',
      version: 1,
      steps: ['question', 'plan', 'buy'].map((id) => ({ id, name: `Step ${id}` })),
    };
    const context = { targetingKey: 'vip' };
    for (const asked of [
      one('forced.sequence', context),
      one('forced', { ...context, 'stepladder.value': 'sequence' }),
      one('forced', { ...context, stepladder: { value: 'sequence' } }),
    ])
      expect((await asked).json).toMatchObject({ value: ladder, variant: 'ladder' });
    expect((await one('forced.sequence', context)).json.key).toBe('forced.sequence');
    expect((await one('paused.sequence')).json).not.toHaveProperty('value');
  });

  it('gives a type of value that never changes, and metadata of primitives alone', async () => {
    for (const context of [{ targetingKey: 'ada' }, { targetingKey: 'vip' }, { targetingKey: 'x', country: 'DE' }])
      for (const { key: name, value, metadata, reason } of (await all(context)).json.flags) {
        expect(REASONS).toContain(reason);
        if (value !== undefined) expect(typeof value).toBe(name.endsWith('.sequence') ? 'object' : 'string');
        for (const each of Object.values(metadata)) expect(['string', 'number', 'boolean']).toContain(typeof each);
      }
  });
});

describe('a bulk evaluation', () => {
  it('lists the experiments of the key’s projects, each as its variant and as its ladder, and no other', async () => {
    const { status, headers, json } = await all();
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    const names = ['country', 'draft', 'forced', 'paused', 'shipped', 'shop'];
    expect(flagsIn(json).map(({ key: name }) => name)).toEqual(names.flatMap((name) => [name, `${name}.sequence`]));
    for (const flag of json.flags) expect(flag).not.toHaveProperty('errorCode');
  });

  it('answers 304 without a body to the tag of the same answer, weak or strong, alone or among others', async () => {
    const { headers, text } = await all();
    const tag = headers.get('etag') ?? '';
    expect(tag).toBe(`"${createHash('sha256').update(text).digest('base64url')}"`);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await all(undefined, { 'if-none-match': known });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag]);
    }
    expect((await all(undefined, { 'if-none-match': tag.slice(0, -2) })).status).toBe(200);
  });

  it('has a tag of the context too: an attribute that changes a result changes it, one that changes nothing does not', async () => {
    const tag = (await all({ targetingKey: 'ada', country: 'FR' })).headers.get('etag') ?? '';
    const moved = await all({ targetingKey: 'ada', country: 'DE' }, { 'if-none-match': tag });
    expect(moved.status).toBe(200);
    expect(moved.headers.get('etag')).not.toBe(tag);
    expect(flagIn(moved.json, 'country').reason).toBe('SPLIT');
    const same = await all({ targetingKey: 'ada', country: 'AT', browser: 'x' }, { 'if-none-match': tag });
    expect(same.status).toBe(304);
    expect((await all({ targetingKey: 'grace', country: 'FR' }, { 'if-none-match': tag })).status).toBe(200);
  });

  it('keeps its tag for a day, and gives fresh tokens long before the old ones end', async () => {
    const began = site.clock.now;
    try {
      const tag = (await all()).headers.get('etag') ?? '';
      site.clock.now = began + 11 * HOUR;
      expect((await all(undefined, { 'if-none-match': tag })).status).toBe(304);
      site.clock.now = began + DAY;
      const next = await all(undefined, { 'if-none-match': tag });
      expect(next.status).toBe(200);
    } finally {
      site.clock.now = began;
    }
  });
});

describe('an evaluation and what it counts', () => {
  const expose = (token: unknown) => site.ask('/v1/events', { key, body: { type: 'exposure', token } });

  it('counts nobody in, one flag or all', async () => {
    await one('shop', { targetingKey: 'onlooker' });
    await all({ targetingKey: 'onlooker', $expose: true });
    expect(await site.deps.journeys.find('shop', 'onlooker')).toBeUndefined();
  });

  it('counts in with the token that comes back, whichever flag it came with', async () => {
    for (const visitor of ['guest-1', 'guest-2']) {
      const { json } = await all({ targetingKey: visitor });
      const flag = flagIn(json, visitor === 'guest-1' ? 'shop' : 'shop.sequence');
      const { json: answered } = await expose(flag.metadata.exposureToken);
      expect(answered.answers).toEqual([{ status: 'recorded' }]);
      expect(await site.deps.journeys.find('shop', visitor)).toMatchObject({
        variant: flag.variant,
        sequence: 1,
        epoch: 1,
        assignedAt: NOON,
      });
    }
  });

  it('counts in at once with $expose, and says so', async () => {
    const { json } = await one('shop', { targetingKey: 'eager', $expose: true });
    expect(json.metadata).toMatchObject({ exposed: true, assignment: 'split' });
    expect(await site.deps.journeys.find('shop', 'eager')).toMatchObject({ variant: json.value, source: 'api' });
    const vip = await one('forced', { targetingKey: 'vip', $expose: true });
    expect(vip.json.metadata.exposed).toBe(false);
    expect(await site.deps.journeys.find('forced', 'vip')).toBeUndefined();
    const passed = await one('country', { targetingKey: 'passer-by', $expose: true });
    expect(passed.json.metadata.exposed).toBe(false);
  });

  it('signs a token for the ladder and the weights of now, even where both changed today', async () => {
    const since = NOON - 250;
    await site.started({ id: 'young', at: since });
    const { json } = await one('young', { targetingKey: 'early' });
    site.clock.now += 1000;
    expect((await expose(json.metadata.exposureToken)).json.answers).toEqual([{ status: 'recorded' }]);
    expect(await site.deps.journeys.find('young', 'early')).toMatchObject({
      sequence: 1,
      epoch: 1,
      variant: json.value,
    });
    site.clock.now -= 1000;
  });

  it('keeps what a visitor has seen when weights or attributes change', async () => {
    await site.started({ id: 'moving', audience: [{ attribute: 'country', operator: 'is', value: 'DE' }] });
    const context = { targetingKey: 'settler', country: 'DE' };
    const first = (await one('moving', { ...context, $expose: true })).json;
    const gone = (await one('moving', { targetingKey: 'settler', country: 'FR' })).json;
    expect(gone).toMatchObject({ reason: 'TARGETING_MATCH', value: first.value, metadata: { assignment: 'sticky' } });
    const { definition } = (await site.deps.experiments.find('moving')) ?? {};
    const variants = definition?.variants.map((variant) => ({
      ...variant,
      weight: variant.id === first.value ? 0 : 1,
    }));
    const edited = await site.ask('/v1/experiments/moving', { method: 'PUT', body: { ...definition, variants } });
    expect(edited.json.epochs).toHaveLength(2);
    expect((await one('moving', context)).json).toMatchObject({ reason: 'TARGETING_MATCH', value: first.value });
    expect((await one('moving', { targetingKey: 'newcomer', country: 'DE' })).json.value).not.toBe(first.value);
  });
});

describe('who may evaluate', () => {
  const ask = (path: string, given?: string, headers = {}) =>
    site.ask(path, { body: { context: { targetingKey: 'ada' } }, headers, ...(given && { key: given }) });

  it('answers 401 without a key, 403 for another project or origin, in the form of the protocol', async () => {
    for (const path of [ONE, `${ONE}/shop`]) {
      const { status, json } = await ask(path);
      expect([status, json.errorCode]).toEqual([401, 'GENERAL']);
      const page = await site.issue({ kind: 'publishable' });
      expect((await ask(path, page, { origin: 'https://evil.example' })).status).toBe(403);
      const allowed = await ask(path, page, { origin: SHOP });
      expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([200, SHOP]);
      expect(allowed.headers.get('access-control-expose-headers')).toBe('ETag, Retry-After');
    }
    expect((await ask(`${ONE}/elsewhere`, key)).status).toBe(403);
  });

  it('answers a burst with 429 and whole seconds', async () => {
    const slow = await site.issue({ requestsPerSecond: 1 });
    const burst = await Promise.all(Array.from({ length: 4 }, () => ask(ONE, slow)));
    const refused = burst.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    for (const { headers, json } of refused) {
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(json.errorCode).toBe('GENERAL');
    }
  });
});

describe('what an evaluation reads', () => {
  it('is nothing, once the list of experiments is held, for a running experiment whose slices never moved and in which nobody became known', async () => {
    const held = await openKeyedSite({ maxAgeMs: 60_000 });
    try {
      const heldKey = await held.issue();
      for (const id of ['a', 'b', 'c']) await held.started({ id });
      await held.started({ id: 'stopped', status: 'paused' });
      const ask = (path: string, visitor: string) =>
        held.ask(path, { key: heldKey, body: { context: { targetingKey: visitor } } });
      await ask(ONE, 'first');
      const commands = await held.sentDuring(async () => {
        for (const visitor of ['ada', 'grace', 'mary']) {
          expect((await ask(ONE, visitor)).json.flags).toHaveLength(8);
          expect((await ask(`${ONE}/a`, visitor)).status).toBe(200);
        }
      });
      expect(commands).toEqual([]);
    } finally {
      await held.stop();
    }
  });
});

describe('a fault', () => {
  it('is a 500 with a code in it, which the client needs to read it, and is reported', async () => {
    const broken = await openKeyedSite({
      wrap: (deps) => ({
        ...deps,
        heldExperiments: async () => {
          throw new Error('the store is on fire');
        },
      }),
    });
    try {
      const itsKey = await broken.issue();
      const body = { context: { targetingKey: 'ada' } };
      const single = await broken.ask(`${ONE}/shop`, { key: itsKey, body });
      expect([single.status, single.json]).toEqual([
        500,
        { key: 'shop', errorCode: 'GENERAL', errorDetails: expect.any(String) },
      ]);
      const bulk = await broken.ask(ONE, { key: itsKey, body });
      expect([bulk.status, bulk.json]).toEqual([500, { errorCode: 'GENERAL', errorDetails: expect.any(String) }]);
      expect(single.text + bulk.text).not.toContain('fire');
      expect(broken.bugs).toHaveLength(2);
    } finally {
      await broken.stop();
    }
  });
});
