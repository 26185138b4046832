import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countsOf } from '#shared/tally/counts.ts';
import type { Tally } from '#shared/tally/tally.ts';
import { recountWithDrift } from '#shared/usecases/recount.ts';
import { NOON } from '../support/an-experiment.ts';
import { openSite, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.started({ id: 'shop' });
});
afterAll(() => site?.stop());
beforeEach(() => {
  site.bugs.length = 0;
});

const post = (path: string, body: unknown, headers = {}) => site.ask('POST', path, { body, headers });
const problem = (status: number, code: string) => ({
  type: `urn:stepladder:problem:${code}`,
  title: code.replace(/[.-]/g, ' '),
  status,
  code,
  detail: expect.stringMatching(/^[^A-Z].*[^.]$/s),
});

describe('the way of visitors from assignment to tally', () => {
  it('counts each once, on the rung they reached, by the live tally and by the recount', async () => {
    await site.started({ id: 'way' });
    const reached: Record<string, number[]> = { 'one-ask': [0, 0], ladder: [0, 0, 0, 0] };
    for (let i = 0; i < 40; i++) {
      const { json } = await post('/v1/assign', { experiment: 'way', visitor: `vis-${i}` });
      const steps: { id: string }[] = json.steps;
      const rungs = i % (steps.length + 1);
      const taken = steps.slice(0, rungs).map(({ id }) => ({ experiment: 'way', visitor: json.visitor, step: id }));
      if (taken.length > 0) {
        const answered = await post('/v1/events', { events: taken });
        expect(answered.json.answers).toEqual(taken.map(() => ({ status: 'recorded' })));
        await post('/v1/events', { events: taken });
      }
      const counts = reached[json.variant] ?? [];
      counts[rungs] = (counts[rungs] ?? 0) + 1;
    }
    await site.counted();
    const experiment = await site.deps.experiments.find('way');
    if (experiment === undefined) throw new Error('the experiment is gone');
    const live: Tally = new Map(Object.entries((await site.ask('GET', '/v1/experiments/way/tally')).json.cells));
    for (const { variant, furthest } of countsOf(live, experiment.sequences[0]))
      expect(furthest).toEqual(reached[variant]);
    expect((await recountWithDrift(site.deps, experiment)).drift).toBe(0);
  });
});

describe('POST /v1/assign', () => {
  it('answers with the variant, its steps and why, and gives a new visitor an id', async () => {
    const { status, headers, json } = await post('/v1/assign', { experiment: 'shop' });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toMatchObject({
      experiment: 'shop',
      visitor: expect.stringMatching(/^[\w-]{16,}$/),
      assigned: true,
      reason: 'split',
      sequence: 1,
    });
    expect(json.steps.at(-1)).toEqual({ id: 'buy', name: 'Step buy' });
    const again = await post('/v1/assign', { experiment: 'shop', visitor: json.visitor });
    expect(again.json).toEqual({ ...json, reason: 'sticky' });
  });

  it('serves whoever is not assigned all the same', async () => {
    await site.started({ id: 'nobody-in', traffic: 0 });
    const { json } = await post('/v1/assign', { experiment: 'nobody-in', visitor: 'vis-1' });
    expect(json).toMatchObject({ variant: 'one-ask', assigned: false, reason: 'outside-traffic' });
    expect(await site.deps.journeys.find('nobody-in', 'vis-1')).toBeUndefined();
  });

  it.each<{ name: string; body: unknown; path: (string | number)[]; message: RegExp }>([
    { name: 'no experiment', body: {}, path: ['experiment'], message: /./ },
    { name: 'a field nobody knows', body: { experiment: 'shop', vistor: 'x' }, path: [], message: /vistor/ },
    {
      name: 'an e-mail address for a visitor',
      body: { experiment: 'shop', visitor: 'ada@example.com' },
      path: ['visitor'],
      message: /e-mail address, which is personal data/,
    },
    {
      name: 'a visitor with control characters',
      body: { experiment: 'shop', visitor: 'a\u0000b' },
      path: ['visitor'],
      message: /control characters/,
    },
    {
      name: 'an attribute that is no scalar',
      body: { experiment: 'shop', attributes: { a: {} } },
      path: ['attributes', 'a'],
      message: /./,
    },
    {
      name: 'twenty-one attributes',
      body: { experiment: 'shop', attributes: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`a${i}`, 1])) },
      path: ['attributes'],
      message: /more than 20/,
    },
  ])('refuses $name and says where', async ({ body, path, message }) => {
    const { status, headers, json } = await post('/v1/assign', body);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(json).toMatchObject(problem(400, 'request.invalid'));
    expect(json.issues).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  it('does not know an experiment that was not started', async () => {
    await post('/v1/experiments', {
      ...(await site.ask('GET', '/v1/experiments/shop')).json.definition,
      id: 'a-draft',
    });
    for (const experiment of ['a-draft', 'nowhere'])
      expect((await post('/v1/assign', { experiment })).json).toEqual(problem(404, 'experiment.not-found'));
  });
});

describe('POST /v1/events', () => {
  const event = (overrides = {}) => ({
    experiment: 'shop',
    visitor: 'vis-events',
    step: 'buy',
    at: NOON,
    ...overrides,
  });
  const answersTo = async (body: unknown) => (await post('/v1/events', body)).json.answers;

  it('takes a single event bare', async () => {
    expect(await answersTo(event({ visitor: 'vis-bare', eventId: 'e-1' }))).toEqual([
      { eventId: 'e-1', status: 'recorded' },
    ]);
  });

  it('takes text, as sendBeacon sends it', async () => {
    const { status, json } = await site.ask('POST', '/v1/events', {
      raw: JSON.stringify({ events: [event({ visitor: 'vis-beacon' })] }),
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
    });
    expect([status, json.answers]).toEqual([200, [{ status: 'recorded' }]]);
  });

  it('takes bytes of an unnamed type, which arrive in base64', async () => {
    const { json } = await site.ask('POST', '/v1/events', {
      raw: new TextEncoder().encode(JSON.stringify(event({ visitor: 'vis-bytes' }))),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(json.answers).toEqual([{ status: 'recorded' }]);
  });

  it('takes a time as ISO 8601 with a zone', async () => {
    await answersTo(event({ visitor: 'vis-iso', at: '2026-01-15T12:30:00+01:00' }));
    expect(await site.deps.journeys.find('shop', 'vis-iso')).toMatchObject({
      steps: { buy: { at: NOON - 30 * 60_000 } },
    });
  });

  it('answers for each event in its place, and lets none spoil another', async () => {
    const answers = await answersTo({
      events: [
        event({ visitor: 'vis-mixed', eventId: 'good' }),
        event({ visitor: 'ada@example.com', eventId: 'bad' }),
        'nonsense',
        event({ visitor: 'vis-mixed', stepp: 'buy' }),
        event({ visitor: 'vis-mixed', value: -1 }),
        event({ visitor: 'vis-mixed', at: 'yesterday' }),
        event({ visitor: 'vis-mixed', eventId: 'again' }),
        event({ visitor: 'vis-mixed', step: 'pay' }),
      ],
    });
    expect(answers.map(({ status, code }: { status: string; code?: string }) => code ?? status)).toEqual([
      'recorded',
      'event-invalid',
      'event-invalid',
      'event-invalid',
      'event-invalid',
      'event-invalid',
      'duplicate',
      'step-unknown',
    ]);
    expect(answers[4].issues).toEqual([{ path: ['value'], message: expect.any(String) }]);
  });

  it('gives a bad event its id back, so that a client can match the two', async () => {
    const [answer] = await answersTo({ events: [event({ eventId: 'mine', value: -1 })] });
    expect(answer).toMatchObject({ eventId: 'mine', code: 'event-invalid' });
  });

  it('takes a hundred events', async () => {
    const events = Array.from({ length: 100 }, (_, i) =>
      event({ visitor: `vis-hundred-${i % 4}`, eventId: String(i) }),
    );
    const answers = await answersTo({ events });
    expect(answers.map(({ eventId }: { eventId: string }) => eventId)).toEqual(events.map((_, i) => String(i)));
  });

  it.each<{ name: string; body: unknown; path: string[]; message: RegExp }>([
    { name: 'an empty batch', body: { events: [] }, path: ['events'], message: /1 item/ },
    {
      name: 'a hundred and one events',
      body: { events: Array.from({ length: 101 }, () => event()) },
      path: ['events'],
      message: /100 items/,
    },
    {
      name: 'a hundred and one events beside an experiment',
      body: { experiment: 'shop', events: Array.from({ length: 101 }, () => event()) },
      path: ['events'],
      message: /./,
    },
    { name: 'events that are no list', body: { events: 'many' }, path: ['events'], message: /array/ },
    { name: 'an empty body', body: {}, path: ['events'], message: /./ },
  ])('refuses $name and says where', async ({ body, path, message }) => {
    const { status, json } = await post('/v1/events', body);
    expect([status, json.code]).toEqual([400, 'request.invalid']);
    expect(json.issues).toContainEqual({ path, message: expect.stringMatching(message) });
  });
});

describe('every route', () => {
  it.each<{ name: string; method: string; path: string; raw?: string; status: number; code: string; detail: RegExp }>([
    {
      name: 'JSON that is none',
      method: 'POST',
      path: '/v1/assign',
      raw: '{"experiment":',
      status: 400,
      code: 'request.not-json',
      detail: /is not JSON/,
    },
    {
      name: 'a body that is no object',
      method: 'POST',
      path: '/v1/assign',
      raw: 'null',
      status: 400,
      code: 'request.invalid',
      detail: /./,
    },
    {
      name: 'a body that is too large',
      method: 'POST',
      path: '/v1/assign',
      raw: `{"a":"${'é'.repeat(8_192)}"}`,
      status: 413,
      code: 'request.too-large',
      detail: /16384 bytes/,
    },
    {
      name: 'a path where nothing is',
      method: 'GET',
      path: '/v2/assign',
      status: 404,
      code: 'route.not-found',
      detail: /\/v2\/assign/,
    },
    {
      name: 'a path that goes on',
      method: 'POST',
      path: '/v1/assign/',
      status: 404,
      code: 'route.not-found',
      detail: /./,
    },
    {
      name: 'a method that is not there',
      method: 'DELETE',
      path: '/v1/assign',
      status: 405,
      code: 'route.method-not-allowed',
      detail: /answers POST, not DELETE/,
    },
    {
      name: 'a method that is not there, on a path with several',
      method: 'DELETE',
      path: '/v1/experiments',
      status: 405,
      code: 'route.method-not-allowed',
      detail: /answers GET and POST, not DELETE/,
    },
    {
      name: 'an experiment whose name is too long for any key',
      method: 'GET',
      path: `/v1/experiments/${'x'.repeat(3_000)}`,
      status: 404,
      code: 'experiment.not-found',
      detail: /./,
    },
    {
      name: 'an experiment whose name is broken percent-encoding',
      method: 'GET',
      path: '/v1/experiments/%zz',
      status: 404,
      code: 'experiment.not-found',
      detail: /%zz/,
    },
    {
      name: 'an experiment with a name in the way',
      method: 'GET',
      path: '/v1/experiments/__proto__',
      status: 404,
      code: 'experiment.not-found',
      detail: /./,
    },
  ])('refuses $name as problem details and reports no bug', async ({ method, path, raw, status, code, detail }) => {
    const answered = await site.ask(
      method,
      path,
      raw === undefined ? {} : { raw, headers: { 'content-type': 'application/json' } },
    );
    expect([answered.status, answered.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(answered.json).toMatchObject({ ...problem(status, code), detail: expect.stringMatching(detail) });
    expect(site.bugs).toEqual([]);
  });

  it('names the methods it has when it refuses one, as RFC 9110 asks', async () => {
    expect((await site.ask('DELETE', '/v1/assign')).headers.get('allow')).toMatch(/POST/);
  });

  it('answers a preflight of a site, and only there', async () => {
    const { status, headers } = await site.ask('OPTIONS', '/v1/events');
    expect(status).toBe(204);
    expect([headers.get('access-control-allow-origin'), headers.get('access-control-allow-methods')]).toEqual([
      '*',
      'POST',
    ]);
    expect(headers.get('access-control-allow-headers')).toContain('content-type');
    const { status: admin, headers: none } = await site.ask('OPTIONS', '/v1/experiments');
    expect([admin, none.get('access-control-allow-methods')]).not.toEqual([204, 'POST']);
  });

  it('lets a page of this machine read an answer and a refusal of the site API, and no other', async () => {
    for (const body of [{ experiment: 'shop' }, {}])
      for (const [origin, allowed] of [
        ['http://localhost:5173', 'http://localhost:5173'],
        ['https://shop.example', null],
      ] as const)
        expect((await post('/v1/assign', body, { origin })).headers.get('access-control-allow-origin')).toBe(allowed);
  });

  it('lets no other site read an answer or a refusal of the admin API', async () => {
    for (const path of ['/v1/experiments', '/v1/experiments/nowhere'])
      expect((await site.ask('GET', path)).headers.get('access-control-allow-origin')).toBeNull();
  });
});
