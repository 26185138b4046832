import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '#shared/store/dynamo/keys.ts';
import { HOUR } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite, SHOP } from '../support/keyed-site.ts';

let site: KeyedSite;
beforeAll(async () => {
  site = await openKeyedSite();
  await site.started({ id: 'shop' });
  await site.started({ id: 'elsewhere', project: 'other' });
});
afterAll(() => site?.stop());

const assign = (key: string | undefined, headers = {}, experiment = 'shop') =>
  site.ask('/v1/assign', { body: { experiment, visitor: 'ada' }, headers, ...(key !== undefined && { key }) });
const statusOf = async (key: string | undefined, headers = {}) => (await assign(key, headers)).status;
const codeOf = async (...asked: Parameters<typeof assign>) => {
  const { status, json } = await assign(...asked);
  return [status, json.code];
};
const idOf = (key: string) => key.split('_')[2] ?? '';

describe('a key', () => {
  it('is shown once, when it is created, and kept as a hash', async () => {
    const created = await site.ask('/v1/keys', {
      body: { kind: 'publishable', name: 'the shop', origins: [SHOP], requestsPerSecond: 20 },
    });
    expect(created.status).toBe(201);
    expect(created.json.key).toMatch(/^sl_pub_[0-9a-f]{16}_[\w-]{44}$/);
    const secret = created.json.key.split('_').slice(3).join('_');
    const { Item } = await site.engine.client.send(
      new GetItemCommand({
        TableName: 'catalog',
        Key: Object.fromEntries(Object.entries(keys.apiKey(created.json.id)).map(([name, S]) => [name, { S }])),
      }),
    );
    expect(JSON.stringify(Item)).not.toContain(secret);
    expect(JSON.parse(Item?.document?.S ?? '').secrets[0].hash).toMatch(/^[0-9a-f]{64}$/);
    const listed = await site.ask('/v1/keys', { method: 'GET' });
    expect(listed.text).not.toContain(secret);
    expect(listed.text).not.toContain('hash');
    expect(listed.json.keys).toContainEqual(
      expect.objectContaining({ id: created.json.id, name: 'the shop', origins: [SHOP], requestsPerSecond: 20 }),
    );
    expect(await statusOf(created.json.key, { origin: SHOP })).toBe(200);
  });

  it.each([
    { name: 'a publishable key without origins', body: { kind: 'publishable', name: 'x' }, field: 'origins' },
    { name: 'a secret key with origins', body: { kind: 'secret', name: 'x', origins: [SHOP] }, field: 'origins' },
    {
      name: 'an origin with a path',
      body: { kind: 'publishable', name: 'x', origins: [`${SHOP}/`] },
      field: 'origins',
    },
    { name: 'no project', body: { kind: 'secret', name: 'x', projects: [] }, field: 'projects' },
    { name: 'a misspelt field', body: { kind: 'secret', name: 'x', origns: [] }, field: undefined },
  ])('is not made of $name', async ({ body, field }) => {
    const { status, json } = await site.ask('/v1/keys', { body });
    expect([status, json.code]).toEqual([400, 'request.invalid']);
    expect(json.issues[0].path[0]).toBe(field);
  });

  it('comes as a bearer token, in a header of its own, or beside a batch of events', async () => {
    const key = await site.issue();
    expect(await statusOf(key)).toBe(200);
    expect(await statusOf(undefined, { authorization: `bearer ${key}` })).toBe(200);
    expect(await statusOf(undefined, { 'x-api-key': key })).toBe(200);
    const events = [{ experiment: 'shop', visitor: 'ada', step: 'buy' }];
    const beacon = { headers: { 'content-type': 'text/plain;charset=UTF-8' } };
    expect(await site.ask('/v1/events', { body: { key, events }, ...beacon })).toMatchObject({ status: 200 });
    const bare = await site.ask('/v1/events', { body: { key, ...events[0] }, ...beacon });
    expect([bare.status, bare.json.answers[0].status]).toEqual([200, 'duplicate']);
    expect((await site.ask('/v1/assign', { body: { key, experiment: 'shop' } })).status).toBe(401);
  });

  it.each([
    { name: 'no key', spoil: () => undefined, code: 'key.missing' },
    {
      name: 'a wrong secret',
      spoil: (key: string) => `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
      code: 'key.unknown',
    },
    { name: 'a secret with more behind it', spoil: (key: string) => `${key}A`, code: 'key.unknown' },
    { name: 'a secret of another kind', spoil: (key: string) => key.replace('sl_sec', 'sl_pub'), code: 'key.unknown' },
    { name: 'an id nobody has', spoil: () => `sl_sec_${'0'.repeat(16)}_${'A'.repeat(44)}`, code: 'key.unknown' },
    { name: 'something else', spoil: () => 'hunter2', code: 'key.unknown' },
  ])('is needed: $name is refused', async ({ spoil, code }) => {
    expect(await codeOf(spoil(await site.issue()))).toEqual([401, code]);
  });

  it('has two secrets while it is rotated, and never three', async () => {
    const first = await site.issue();
    const rotate = async (body = {}) => (await site.ask(`/v1/keys/${idOf(first)}/rotate`, { body })).json.key;
    const second = await rotate();
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
    const third = await rotate({ graceHours: 1 });
    expect([await statusOf(first), await statusOf(second), await statusOf(third)]).toEqual([401, 200, 200]);
    site.clock.now += HOUR;
    expect([await statusOf(second), await statusOf(third)]).toEqual([401, 200]);
    const fourth = await rotate({ graceHours: 0 });
    expect([await statusOf(third), await statusOf(fourth)]).toEqual([401, 200]);
  });

  it('ends when it is revoked, stays in the list, and cannot be rotated back', async () => {
    const key = await site.issue({ name: 'leaked' });
    const revoked = await site.ask(`/v1/keys/${idOf(key)}`, { method: 'DELETE' });
    expect([revoked.status, revoked.json.secrets]).toEqual([200, []]);
    expect(await codeOf(key)).toEqual([401, 'key.unknown']);
    expect((await site.ask(`/v1/keys/${idOf(key)}/rotate`, { body: {} })).json.code).toBe('key.revoked');
    expect((await site.ask('/v1/keys', { method: 'GET' })).text).toContain('leaked');
    expect((await site.ask(`/v1/keys/${idOf(key)}`, { method: 'DELETE' })).status).toBe(200);
    expect((await site.ask('/v1/keys/nobody', { method: 'DELETE' })).json.code).toBe('key.not-found');
  });

  it('is changed by one administrator at a time', async () => {
    const key = await site.deps.apiKeys.find(idOf(await site.issue()));
    if (key === undefined) throw new Error('the key is gone');
    const change = { ...key, revision: 2 };
    await site.deps.apiKeys.replace(change);
    const other = { ...change, name: 'what somebody else made of it' };
    await expect(site.deps.apiKeys.replace(other)).rejects.toMatchObject({ code: 'key.version-conflict' });
    await expect(site.deps.apiKeys.create(other)).rejects.toMatchObject({ code: 'key.version-conflict' });
  });
});

describe('a key of one project', () => {
  it('cannot touch experiments of another', async () => {
    const key = await site.issue();
    expect(await codeOf(key, {}, 'elsewhere')).toEqual([403, 'key.other-project']);
    expect((await site.ask('/v1/packed/elsewhere', { method: 'GET', key })).json.code).toBe('key.other-project');
    expect((await site.ask('/v1/packed/shop', { method: 'GET', key })).json).toMatchObject({
      id: 'shop',
      kind: 'split',
    });
    const both = await site.issue({ projects: ['main', 'other'] });
    expect((await assign(both, {}, 'elsewhere')).status).toBe(200);
  });

  it('loses no good event to one of another project', async () => {
    const key = await site.issue();
    const event = (experiment: string, eventId: string) => ({ experiment, eventId, visitor: 'grace', step: 'buy' });
    const { json } = await site.ask('/v1/events', {
      key,
      body: { events: [event('elsewhere', 'a'), event('shop', 'b'), event('nowhere', 'c')] },
    });
    expect(json.answers.map((each: Record<string, string>) => [each.eventId, each.code ?? each.status])).toEqual([
      ['a', 'experiment-of-other-project'],
      ['b', 'recorded'],
      ['c', 'experiment-unknown'],
    ]);
    expect(await site.deps.journeys.find('elsewhere', 'grace')).toBeUndefined();
  });
});

describe('a publishable key', () => {
  it('works in pages of its origins, and nowhere else', async () => {
    const key = await site.issue({ kind: 'publishable', origins: [SHOP, 'https://*.preview.example'] });
    expect(await statusOf(key, { origin: SHOP })).toBe(200);
    expect(await statusOf(key, { origin: 'https://branch-7.preview.example' })).toBe(200);
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, {}])
      expect(await codeOf(key, headers)).toEqual([403, 'key.origin-refused']);
  });

  it('lets a page read from its own host, where browsers name no origin', async () => {
    const key = await site.issue({ kind: 'publishable', origins: [site.origin] });
    const packed = (headers: Record<string, string>) => site.ask('/v1/packed/shop', { method: 'GET', key, headers });
    expect((await packed({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await packed({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await packed({})).status).toBe(403);
  });

  it('lets a browser read answers and refusals for its origins alone', async () => {
    const key = await site.issue({ kind: 'publishable' });
    const allowed = async (headers: Record<string, string>, experiment = 'shop') =>
      (await assign(key, headers, experiment)).headers.get('access-control-allow-origin');
    expect(await allowed({ origin: SHOP })).toBe(SHOP);
    expect(await allowed({ origin: SHOP }, 'nowhere')).toBe(SHOP);
    expect(await allowed({ origin: SHOP }, 'elsewhere')).toBe(SHOP);
    expect(await allowed({ origin: 'https://evil.example' })).toBeNull();
    const { headers } = await assign(key, { origin: SHOP });
    expect(headers.get('access-control-expose-headers')).toBe('ETag, Retry-After');
    expect(headers.get('vary')).toBe('origin');
  });
});

describe('a secret key', () => {
  it('works from anywhere and is never readable by a page', async () => {
    const key = await site.issue();
    const { status, headers } = await assign(key, { origin: SHOP });
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a preflight', () => {
  it.each([
    { path: '/v1/events', methods: 'POST' },
    { path: '/v1/packed/shop', methods: 'GET' },
    { path: '/ofrep/v1/evaluate/flags/shop', methods: 'POST' },
  ])('of $path is answered without a key, for whichever origin asks', async ({ path, methods }) => {
    const { status, headers } = await site.ask(path, { method: 'OPTIONS', headers: { origin: 'https://any.example' } });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://any.example');
    expect(headers.get('access-control-allow-methods')).toBe(methods);
    for (const name of ['content-type', 'if-none-match', 'authorization', 'x-api-key'])
      expect(headers.get('access-control-allow-headers')).toContain(name);
    expect(Number(headers.get('access-control-max-age'))).toBeGreaterThan(0);
    expect(headers.get('vary')).toBe('origin');
  });

  it('of an administrator’s route is refused', async () => {
    const { headers } = await site.ask('/v1/keys', { method: 'OPTIONS', headers: { origin: SHOP } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the rate of a key', () => {
  it('is held per key, and the refusal says how many whole seconds to wait', async () => {
    const key = await site.issue({ kind: 'publishable', requestsPerSecond: 2 });
    const other = await site.issue({ requestsPerSecond: 2 });
    const burst = await Promise.all(Array.from({ length: 6 }, () => assign(key, { origin: SHOP })));
    expect(burst.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429, 429]);
    const refused = burst.find(({ status }) => status === 429);
    expect(refused?.json.code).toBe('key.rate-exceeded');
    expect(refused?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(refused?.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(await statusOf(other)).toBe(200);
    site.elapsed.now += 1000 * Number(refused?.headers.get('retry-after'));
    expect(await statusOf(key, { origin: SHOP })).toBe(200);
  });
});

describe('a held key', () => {
  it('is read once in a while, and its end is noticed after that', async () => {
    const slow = await openKeyedSite({ maxAgeMs: 2_000 });
    try {
      await slow.started({ id: 'shop' });
      const key = await slow.issue();
      const ask = async () => (await slow.ask('/v1/packed/shop', { method: 'GET', key })).status;
      expect(await ask()).toBe(200);
      expect(await slow.sentDuring(async () => expect(await ask()).toBe(200))).toEqual([]);
      await slow.ask(`/v1/keys/${idOf(key)}`, { method: 'DELETE' });
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect(await ask()).toBe(401);
    } finally {
      await slow.stop();
    }
  });
});
