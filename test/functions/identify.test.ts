import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assign } from '#shared/assignment/assign.ts';
import { pack } from '#shared/assignment/pack.ts';
import { IdentifyAnswer } from '#shared/contracts/answers.ts';
import { signToken } from '#shared/token/token.ts';
import { NOON } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite, SHOP } from '../support/keyed-site.ts';

let site: KeyedSite;
let key: string;
beforeAll(async () => {
  site = await openKeyedSite();
  key = await site.issue();
  await site.started({ id: 'shop' });
  await site.started({ id: 'blog' });
  await site.started({ id: 'elsewhere', project: 'other' });
  await site.started({ id: 'over', status: 'concluded', ship: 'ladder' });
  await site.started({ id: 'draft', status: 'draft' });
});
afterAll(() => site?.stop());

const post = (path: string, body: unknown, headers = {}) => site.ask(path, { body, key, headers });
const identify = (visitor: string, knownAs: string) => post('/v1/identify', { visitor, knownAs });
/** Visitors whom the split of the shop sends to a variant; those of one prefix are nobody else. */
async function visitors(variant: string, prefix: string): Promise<string[]> {
  const experiment = await site.deps.experiments.find('shop');
  const packed = experiment && pack(experiment);
  return Array.from({ length: 40 }, (_, i) => `${prefix}-${i}`).filter(
    (id) => packed && packed.variants[assign(packed, id, {}, NOON).variant]?.id === variant,
  );
}

describe('POST /v1/identify', () => {
  it('answers for each experiment in which one of the two is, of the projects of the key', async () => {
    const [anon = ''] = await visitors('ladder', 'a');
    const [ada = ''] = await visitors('one-ask', 'b');
    for (const experiment of ['shop', 'blog']) await post('/v1/assign', { experiment, visitor: anon });
    const others = await site.issue({ projects: ['other'] });
    await site.ask('/v1/assign', { body: { experiment: 'elsewhere', visitor: anon }, key: others });
    const { status, json } = await identify(anon, ada);
    expect(status).toBe(200);
    expect(IdentifyAnswer.parse(json)).toEqual(json);
    expect(json).toMatchObject({ visitor: anon, knownAs: ada });
    expect(json.experiments.map((each: { experiment: string }) => each.experiment).sort()).toEqual(['blog', 'shop']);
    expect(json.experiments.map((each: { outcome: string }) => each.outcome)).toEqual(['taken-over', 'taken-over']);
    expect((await identify(anon, ada)).json.experiments).toMatchObject([{ outcome: 'known' }, { outcome: 'known' }]);
  });

  it('serves the person the variant of the known id from then on, however they are asked for', async () => {
    const [anon = ''] = await visitors('one-ask', 'c');
    const [ada = ''] = await visitors('ladder', 'd');
    for (const visitor of [anon, ada]) await post('/v1/assign', { experiment: 'shop', visitor });
    expect((await identify(anon, ada)).json.experiments).toEqual([
      { experiment: 'shop', outcome: 'conflict', variant: 'ladder' },
    ]);
    for (const visitor of [anon, ada]) {
      expect((await post('/v1/assign', { experiment: 'shop', visitor })).json).toMatchObject({ variant: 'ladder' });
      const flag = await post('/ofrep/v1/evaluate/flags/shop', { context: { targetingKey: visitor } });
      expect(flag.json).toMatchObject({ value: 'ladder' });
    }
  });

  it('serves a person who took a journey over by it, though the split would say otherwise', async () => {
    const [anon = ''] = await visitors('one-ask', 'e');
    const [ada = ''] = await visitors('ladder', 'f');
    await post('/v1/assign', { experiment: 'shop', visitor: anon });
    await identify(anon, ada);
    const flag = await post('/ofrep/v1/evaluate/flags/shop', { context: { targetingKey: ada } });
    expect(flag.json).toMatchObject({ value: 'one-ask', reason: 'TARGETING_MATCH' });
  });

  it('goes on taking tokens of the visitor of before, and counts what they tell for the person', async () => {
    const [anon = ''] = await visitors('ladder', 'g');
    const ada = 'g-known';
    await post('/v1/assign', { experiment: 'shop', visitor: anon });
    await identify(anon, ada);
    const token = signToken(
      { kind: 'exposure', experiment: 'shop', visitor: anon, variant: 'ladder', issuedAt: NOON },
      await site.deps.secrets.tokenSecret(),
    );
    expect((await post('/v1/events', { token, step: 'plan' })).json.answers).toEqual([{ status: 'recorded' }]);
    expect(await site.deps.journeys.own('shop', ada)).toMatchObject({ steps: { plan: expect.anything() } });
  });

  it.each([
    { name: 'an id that is the visitor itself', body: { visitor: 'ada', knownAs: 'ada' }, path: 'knownAs' },
    { name: 'an e-mail address', body: { visitor: 'ada', knownAs: 'ada@example.com' }, path: 'knownAs' },
    { name: 'no visitor', body: { knownAs: 'ada' }, path: 'visitor' },
  ])('refuses $name', async ({ body, path }) => {
    const { status, json } = await post('/v1/identify', body);
    expect([status, json.code, json.issues[0].path]).toEqual([400, 'request.invalid', [path]]);
  });

  it('needs a key, and a secret one', async () => {
    const body = { visitor: 'h-1', knownAs: 'h-2' };
    const refused = async (asked: object) => {
      const { status, json } = await site.ask('/v1/identify', { body, ...asked });
      return [status, json.code];
    };
    expect(await refused({})).toEqual([401, 'key.missing']);
    const page = await site.issue({ kind: 'publishable' });
    expect(await refused({ key: page, headers: { origin: SHOP } })).toEqual([403, 'key.not-secret']);
    expect(await refused({ key: page })).toEqual([403, 'key.not-secret']);
    expect((await post('/v1/identify', body)).json).toEqual({ ...body, experiments: [] });
  });

  it('answers no preflight: there is no page that may ask', async () => {
    const asked = { method: 'OPTIONS', headers: { origin: SHOP, 'access-control-request-method': 'POST' } };
    expect((await site.ask('/v1/assign', asked)).status).toBe(204);
    expect((await site.ask('/v1/identify', asked)).status).toBe(405);
  });
});
