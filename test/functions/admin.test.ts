import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionInput, NOON, steps } from '../support/an-experiment.ts';
import { openSite, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.stop());

let names = 0;
const fresh = () => `exp-${names++}`;
const create = (id: string, overrides = {}) =>
  site.ask('POST', '/v1/experiments', { body: definitionInput({ id, ...overrides }) });
const edit = (id: string, overrides = {}, headers = {}) =>
  site.ask('PUT', `/v1/experiments/${id}`, { body: definitionInput({ id, ...overrides }), headers });
const move = (id: string, verb: string, body: unknown = {}) =>
  site.ask('POST', `/v1/experiments/${id}/${verb}`, { body });
const find = (id: string) => site.ask('GET', `/v1/experiments/${id}`);

describe('the life of an experiment over the admin API', () => {
  it('goes from a draft to a conclusion, and every change stands in its history', async () => {
    const id = fresh();
    const created = await create(id);
    expect([created.status, created.headers.get('etag'), created.json.status]).toEqual([201, '"1"', 'draft']);
    expect((await edit(id, { name: 'Better' })).json).toMatchObject({ revision: 2, definition: { name: 'Better' } });
    for (const [verb, status] of [
      ['start', 'running'],
      ['pause', 'paused'],
      ['start', 'running'],
    ] as const)
      expect((await move(id, verb)).json).toMatchObject({ status });
    expect((await move(id, 'conclude', { ship: 'ladder' })).json).toMatchObject({
      status: 'concluded',
      shipped: 'ladder',
      concludedAt: NOON,
    });
    const { json } = await site.ask('GET', `/v1/experiments/${id}/revisions`);
    expect(
      json.revisions.map(({ revision, action, by, at }: Record<string, unknown>) => [revision, action, by, at]),
    ).toEqual([
      [1, 'created', 'local', NOON],
      [2, 'edited', 'local', NOON],
      [3, 'started', 'local', NOON],
      [4, 'paused', 'local', NOON],
      [5, 'resumed', 'local', NOON],
      [6, 'concluded', 'local', NOON],
    ]);
    expect((await find(id)).json).toEqual(json.revisions[5].experiment);
  });

  it('gives each experiment a salt of its own', async () => {
    const [a, b] = [(await create(fresh())).json.salt, (await create(fresh())).json.salt];
    expect(a).not.toBe(b);
    expect(a).toMatch(/^\S{16,}$/);
  });

  it('lists experiments', async () => {
    const id = fresh();
    await create(id);
    const { json } = await site.ask('GET', '/v1/experiments');
    expect(json.experiments.map((experiment: { id: string }) => experiment.id)).toContain(id);
  });

  it('refuses a second experiment of one id', async () => {
    const id = fresh();
    await create(id);
    const { status, json } = await create(id);
    expect([status, json.code]).toEqual([409, 'experiment.exists']);
  });

  it('refuses a definition and says every field and why', async () => {
    const { status, json } = await create(fresh(), { control: 'three', windowDays: -1 });
    expect([status, json.code]).toEqual([400, 'request.invalid']);
    expect(json.issues).toEqual([
      { path: ['windowDays'], message: expect.stringMatching(/>0/) },
      { path: ['control'], message: 'names no variant; the variants are one-ask, ladder' },
    ]);
  });

  it.each(['start', 'pause', 'conclude'])('knows no %s of an experiment that is not there', async (verb) => {
    expect((await move('nowhere', verb)).json).toMatchObject({ code: 'experiment.not-found' });
  });

  it('refuses a move that cannot be made, and says which can', async () => {
    const id = fresh();
    await create(id);
    const { status, json } = await move(id, 'pause');
    expect([status, json.code]).toEqual([409, 'experiment.not-movable']);
    expect(json.issues).toEqual([{ path: ['status'], message: 'is draft, so it cannot be paused; it can be started' }]);
  });

  it('refuses to ship what is no variant', async () => {
    const id = fresh();
    await create(id);
    await move(id, 'start');
    const { status, json } = await move(id, 'conclude', { ship: 'three' });
    expect([status, json.code, json.issues[0].path]).toEqual([409, 'experiment.not-movable', ['ship']]);
    expect((await find(id)).json.status).toBe('running');
  });
});

describe('PUT /v1/experiments/{experiment}', () => {
  it('takes an edit of the revision it was made on', async () => {
    const id = fresh();
    const etag = (await create(id)).headers.get('etag') ?? '';
    const { status, headers } = await edit(id, { name: 'Better' }, { 'if-match': etag });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
  });

  it.each(['"1"', 'W/"1"', '1'])('refuses an edit of a stale page, named as %s', async (ifMatch) => {
    const id = fresh();
    await create(id);
    await edit(id, { name: 'Theirs' });
    const { status, json } = await edit(id, { name: 'Mine' }, { 'if-match': ifMatch });
    expect([status, json.code]).toEqual([409, 'experiment.version-conflict']);
    expect((await find(id)).json.definition.name).toBe('Theirs');
  });

  it.each(['"one"', '"1", "3"', 'garbage'])(
    'does not take a precondition it cannot read, %s, for none',
    async (ifMatch) => {
      const id = fresh();
      await create(id);
      await edit(id, { name: 'Theirs' });
      expect((await edit(id, { name: 'Mine' }, { 'if-match': ifMatch })).status).toBeGreaterThanOrEqual(400);
      expect((await find(id)).json.definition.name).toBe('Theirs');
    },
  );

  it('refuses the definition of another experiment', async () => {
    const id = fresh();
    await create(id);
    const { status, json } = await site.ask('PUT', `/v1/experiments/${id}`, { body: definitionInput({ id: 'other' }) });
    expect([status, json.issues]).toEqual([400, [{ path: ['id'], message: `is other, but the address says ${id}` }]]);
  });

  it('refuses what may not change of a running experiment, and says why', async () => {
    const id = fresh();
    await create(id);
    await move(id, 'start');
    const { status, json } = await edit(id, { control: 'ladder', policy: { probability: 0.9 } });
    expect([status, json.code]).toEqual([409, 'experiment.not-editable']);
    expect(json.issues.map(({ path }: { path: string[] }) => path)).toEqual([['control'], ['policy']]);
  });

  it('opens a new sequence version for new steps of a running experiment', async () => {
    const id = fresh();
    await create(id);
    await move(id, 'start');
    const { json } = await edit(id, {
      variants: [
        { id: 'one-ask', name: 'One ask', steps: steps('buy') },
        { id: 'ladder', name: 'Two asks', steps: steps('question', 'buy') },
      ],
    });
    expect(json.sequences.map(({ version }: { version: number }) => version)).toEqual([1, 2]);
  });
});

describe('GET /v1/experiments/{experiment}/report', () => {
  it('has nothing to say of a draft, and of what is not there', async () => {
    const id = fresh();
    await create(id);
    expect((await site.ask('GET', `/v1/experiments/${id}/report`)).json).toMatchObject({
      status: 404,
      code: 'report.not-found',
    });
    expect((await site.ask('GET', '/v1/experiments/nowhere/report')).json).toMatchObject({
      code: 'experiment.not-found',
    });
  });

  it('judges a started experiment from its journeys, and says the drift', async () => {
    const id = fresh();
    await site.started({ id });
    for (let i = 0; i < 10; i++)
      await site.ask('POST', '/v1/assign', { body: { experiment: id, visitor: `vis-${i}` } });
    await site.counted();
    const { status, json } = await site.ask('GET', `/v1/experiments/${id}/report`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ experiment: { id }, verdict: { kind: 'collecting' }, drift: 0 });
  });
});
