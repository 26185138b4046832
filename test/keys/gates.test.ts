import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Route } from '#shared/contracts/route.ts';
import { routes } from '#shared/contracts/routes.ts';
import { localAdminGate, signedGate, siteGate } from '#shared/http/access.ts';
import { isLocalOrigin, matchesOrigin } from '#shared/http/cors.ts';
import { rateLimit } from '#shared/http/rate-limit.ts';

type Headers = Record<string, string>;
const event = (headers: Headers, sourceIp?: string, authorizer?: object) =>
  ({ headers, requestContext: { http: { sourceIp }, authorizer } }) as unknown as APIGatewayProxyEventV2;
const from = (sourceIp: string, headers: Headers = {}) => event({ host: 'localhost:3000', ...headers }, sourceIp);

const KEY = 'sl_local_secret';
const admin = localAdminGate(KEY);
const read = routes.report;
const write = routes.startExperiment;
const outcome = async (answer: ReturnType<typeof admin>) => {
  const admission = await answer;
  return 'refusal' in admission ? admission.refusal.code : 'in';
};

describe('localAdminGate', () => {
  const withKey = { authorization: `Bearer ${KEY}` };
  it.each([
    { name: 'a change with the key', route: write, event: from('127.0.0.1', withKey), expected: 'in' },
    { name: 'a change over IPv6 with the key', route: write, event: from('::1', withKey), expected: 'in' },
    { name: 'a change without the key', route: write, event: from('127.0.0.1'), expected: 'key.missing' },
    {
      name: 'a change with another key',
      route: write,
      event: from('127.0.0.1', { authorization: 'Bearer sl_local_secreu' }),
      expected: 'key.unknown',
    },
    { name: 'a look from a browser here', route: read, event: from('127.0.0.1'), expected: 'in' },
    {
      name: 'a look on behalf of another site',
      route: read,
      event: from('127.0.0.1', { 'sec-fetch-site': 'cross-site' }),
      expected: 'key.missing',
    },
    {
      name: 'a look by a name that was pointed here',
      route: read,
      event: from('127.0.0.1', { host: 'evil.example:3000' }),
      expected: 'key.missing',
    },
    {
      name: 'the key from another machine',
      route: write,
      event: from('192.168.0.7', withKey),
      expected: 'admin.not-here',
    },
    {
      name: 'the key through a tunnel',
      route: write,
      event: from('127.0.0.1', { ...withKey, 'x-forwarded-for': '203.0.113.9' }),
      expected: 'admin.not-here',
    },
    { name: 'the replay, which uses no network', route: write, event: event({}), expected: 'in' },
  ])('answers $name with $expected', async ({ route, event: given, expected }) => {
    expect(await outcome(admin({ route, event: given, body: () => undefined }))).toBe(expected);
  });
});

describe('signedGate', () => {
  it('lets in whom API Gateway says signed, and nobody else', async () => {
    const ask = (authorizer?: object) =>
      signedGate({ route: write, event: event({}, '203.0.113.9', authorizer), body: () => ({}) });
    expect(await ask({ iam: { userArn: 'arn:aws:iam::1:user/ada' } })).toMatchObject({
      caller: 'arn:aws:iam::1:user/ada',
    });
    expect(await outcome(ask())).toBe('admin.unsigned');
  });

  const person = (claims: object) =>
    signedGate({ route: write, event: event({}, '203.0.113.9', { jwt: { claims } }), body: () => ({}) });

  it('lets in who has signed in, by the name an administrator gave them and never by an address', async () => {
    const access = { token_use: 'access', sub: '1f0c-22', 'cognito:groups': '[editors]' };
    expect(await person({ ...access, username: 'ada' })).toMatchObject({ caller: 'ada' });
    for (const username of ['ada@example.com', '', undefined])
      expect(await person({ ...access, username, email: 'ada@example.com' })).toMatchObject({ caller: '1f0c-22' });
  });

  it.each([
    { groups: undefined, may: 'read' },
    { groups: '[]', may: 'read' },
    { groups: '[editors]', may: 'change' },
    { groups: '[readers editors]', may: 'change' },
    { groups: 'editors', may: 'change' },
    { groups: ['editors'], may: 'change' },
    { groups: '[not-editors editors2 Editors]', may: 'read' },
    { groups: { editors: true }, may: 'read' },
    { groups: '[[editors]]', may: 'read' },
  ])('lets a person of the groups $groups $may', async ({ groups, may }) => {
    const claims = { token_use: 'access', username: 'ada', 'cognito:groups': groups };
    const answers = await Promise.all(
      Object.values<Route>(routes)
        .filter(({ access }) => access === 'admin')
        .map(async (route) => {
          const asked = event({}, '203.0.113.9', { jwt: { claims } });
          return [route.method === 'GET', await outcome(signedGate({ route, event: asked, body: () => ({}) }))];
        }),
    );
    for (const [reads, answer] of answers) expect(answer).toBe(reads || may === 'change' ? 'in' : 'admin.read-only');
  });

  it.each([
    { what: 'the token that says who somebody is', claims: { token_use: 'id', sub: '1f0c-22', username: 'ada' } },
    { what: 'a token without a use', claims: { sub: '1f0c-22', username: 'ada' } },
    { what: 'a token of nobody', claims: { token_use: 'access' } },
    { what: 'a name that is no text', claims: { token_use: 'access', username: ['ada'], sub: 7 } },
  ])('refuses $what', async ({ claims }) => expect(await outcome(person(claims))).toBe('admin.unsigned'));
});

describe('siteGate, open to this machine', () => {
  const gate = siteGate({ heldKey: async () => undefined, clock: () => 0, elapsed: () => 0, access: 'open' });
  it.each([
    { name: 'a request from here', event: from('127.0.0.1'), expected: 'in' },
    { name: 'a page from here', event: from('127.0.0.1', { origin: 'http://localhost:5173' }), expected: 'in' },
    {
      name: 'a page from elsewhere',
      event: from('127.0.0.1', { origin: 'https://evil.example' }),
      expected: 'key.missing',
    },
    {
      name: 'a page of a name that was pointed here',
      event: from('127.0.0.1', { host: 'evil.example:3000', 'sec-fetch-site': 'same-origin' }),
      expected: 'key.missing',
    },
    { name: 'another machine', event: from('192.168.0.7'), expected: 'key.missing' },
    { name: 'a tunnel', event: from('127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }), expected: 'key.missing' },
    { name: 'a wrong key from here', event: from('127.0.0.1', { 'x-api-key': 'nonsense' }), expected: 'key.unknown' },
  ])('answers $name with $expected', async ({ event: given, expected }) => {
    expect(await outcome(gate({ route: routes.assign, event: given, body: () => ({}) }))).toBe(expected);
  });

  it('takes no page, not even from here, where servers alone may ask', async () => {
    const ask = (headers: Headers) =>
      outcome(gate({ route: routes.identify, event: from('127.0.0.1', headers), body: () => ({}) }));
    expect(await ask({})).toBe('in');
    expect(await ask({ origin: 'http://localhost:5173' })).toBe('key.not-secret');
  });
});

describe('matchesOrigin', () => {
  it.each([
    ['https://shop.example', 'https://shop.example', true],
    ['https://SHOP.example', 'https://shop.example', true],
    ['https://shop.example:8443', 'https://shop.example', false],
    ['http://shop.example', 'https://shop.example', false],
    ['https://shopxexample', 'https://shop.example', false],
    ['https://shop.example.evil.example', 'https://shop.example', false],
    ['https://a.shop.example', 'https://*.shop.example', true],
    ['https://a.b.shop.example', 'https://*.shop.example', true],
    ['https://shop.example', 'https://*.shop.example', false],
    ['https://evilshop.example', 'https://*.shop.example', false],
    ['https://evil.example/.shop.example', 'https://*.shop.example', false],
    ['http://localhost:5173', 'http://localhost:*', true],
    ['http://localhost', 'http://localhost:*', true],
    ['http://localhost.evil.example:80', 'http://localhost:*', false],
    ['null', 'https://shop.example', false],
    ['null', '*', true],
  ])('takes %s for %s: %s', (origin, allowed, expected) => {
    expect(matchesOrigin(origin, allowed)).toBe(expected);
  });

  it('takes no name that only looks like this machine for it', () => {
    for (const origin of [
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'http://localhost@evil.example',
    ])
      expect(isLocalOrigin(origin)).toBe(false);
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8080'])
      expect(isLocalOrigin(origin)).toBe(true);
  });
});

describe('rateLimit', () => {
  it('never lets more through than two seconds’ worth and the rate since, whatever the pattern', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 }),
        (perSecond, pauses) => {
          let now = 0;
          const wait = rateLimit(() => now);
          let passed = 0;
          for (const pause of pauses) {
            now += pause;
            if (wait('key', perSecond) === 0) passed += 1;
          }
          expect(passed).toBeLessThanOrEqual(2 * perSecond + (now / 1000) * perSecond + 1e-6);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('lets the next request pass after the time it said', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 300 }), (perSecond, requests) => {
        let now = 0;
        const wait = rateLimit(() => now);
        let seconds = 0;
        for (let i = 0; i < requests; i++) seconds = wait('key', perSecond);
        fc.pre(seconds > 0);
        now += Math.ceil(seconds) * 1000;
        expect(wait('key', perSecond)).toBe(0);
      }),
    );
  });
});
