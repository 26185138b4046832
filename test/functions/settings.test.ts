import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOON } from '../support/an-experiment.ts';
import { openSite, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.stop());

const read = () => site.ask('GET', '/v1/settings');
const hold = (holdout: unknown, headers = {}) => site.ask('PUT', '/v1/settings', { body: { holdout }, headers });
const assign = (visitor: string, experiment: string) =>
  site.ask('POST', '/v1/assign', { body: { experiment, visitor } });

describe('/v1/settings', () => {
  it('holds nobody out while nobody has said so', async () => {
    const { status, json, headers } = await read();
    expect([status, json, headers.get('etag')]).toEqual([200, { revision: 0, holdout: 0, revisions: [] }, '"0"']);
  });

  it('takes a share into every experiment, and keeps whoever joined before', async () => {
    await site.started({ id: 'one' });
    await site.started({ id: 'two' });
    const visitors = Array.from({ length: 40 }, (_, i) => `vis-${i}`);
    for (const visitor of visitors) await assign(visitor, 'one');
    expect((await hold(0.5)).json).toEqual({ revision: 1, at: NOON, by: 'local', holdout: 0.5 });
    const reasons = async (experiment: string) =>
      Promise.all(visitors.map(async (visitor) => (await assign(visitor, experiment)).json.reason));
    expect(new Set(await reasons('one'))).toEqual(new Set(['sticky']));
    const two = await reasons('two');
    expect(new Set(two)).toEqual(new Set(['split', 'held-out']));
    const heldOut = visitors[two.indexOf('held-out')] ?? '';
    expect((await assign(heldOut, 'two')).json).toMatchObject({ assigned: false, variant: 'one-ask' });
    expect(await site.deps.journeys.find('two', heldOut)).toBeUndefined();
    const flag = await site.ask('POST', '/ofrep/v1/evaluate/flags/two', {
      body: { context: { targetingKey: heldOut } },
    });
    expect(flag.json).toMatchObject({ value: 'one-ask', reason: 'UNKNOWN', metadata: { assignment: 'held-out' } });
    const event = { experiment: 'two', visitor: heldOut, step: 'buy' };
    expect((await site.ask('POST', '/v1/events', { body: event })).json.answers).toMatchObject([
      { status: 'refused', code: 'visitor-not-assigned', message: expect.stringContaining('held out') },
    ]);
  });

  it('holds the same people out when a share comes back, for its salt is drawn once', async () => {
    const salt = async () => (await site.deps.settings.find())?.holdout.salt;
    const before = await salt();
    await hold(0);
    await hold(0.25);
    expect(await salt()).toBe(before);
    expect(before).toMatch(/^\S{16,}$/);
  });

  it('remembers who changed it, and shows no salt', async () => {
    const { json } = await read();
    expect(json).toMatchObject({ revision: 3, holdout: 0.25, by: 'local', at: NOON });
    expect(json.revisions.map(({ revision, holdout }: Record<string, number>) => [revision, holdout])).toEqual([
      [1, 0.5],
      [2, 0],
      [3, 0.25],
    ]);
    expect(JSON.stringify(json)).not.toContain('salt');
  });

  it('refuses a change of stale settings', async () => {
    const { headers } = await read();
    expect((await hold(0.1, { 'if-match': headers.get('etag') ?? '' })).status).toBe(200);
    const { status, json } = await hold(0.2, { 'if-match': headers.get('etag') ?? '' });
    expect([status, json.code, json.detail]).toEqual([
      409,
      'settings.version-conflict',
      expect.stringContaining('at revision 4, the change was made on revision 3'),
    ]);
    expect((await read()).json.holdout).toBe(0.1);
  });

  it.each([5, -0.1, 0.51, '0.05', null])('refuses %j as a share', async (share) => {
    const { status, json } = await hold(share);
    expect([status, json.code, json.issues[0].path]).toEqual([400, 'request.invalid', ['holdout']]);
  });

  it('says to who writes per cent what the share would be', async () => {
    expect((await hold(5)).json.issues[0].message).toMatch(/five per cent are 0\.05/);
  });
});
