import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adminApi } from '#functions/api/admin.ts';
import type { Route } from '#shared/contracts/route.ts';
import { type RouteName, routes } from '#shared/contracts/routes.ts';
import { type Gate, localAdminGate, signedGate } from '#shared/http/access.ts';
import { signToken } from '#shared/token/token.ts';
import { NOON, withAddresses } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite, SHOP } from '../support/keyed-site.ts';

let site: KeyedSite;
beforeAll(async () => {
  site = await openKeyedSite();
  await site.started({ id: 'ours' });
  await site.started({
    id: 'theirs',
    project: 'other',
    name: 'A secret plan',
    variants: withAddresses('https://secret.example'),
  });
  // Somebody both projects have met, by one id.
  const both = await site.issue({ projects: ['main', 'other'] });
  for (const experiment of ['ours', 'theirs'])
    await site.ask('/v1/assign', { key: both, body: { experiment, visitor: 'known-to-them' } });
});
afterAll(() => site?.stop());
afterEach(() => expect(site.bugs).toEqual([]));

const all = Object.entries(routes) as [RouteName, Route][];
const VISITOR = 'somebody';

/** What a key of `main` sends to each route of sites to get at an experiment of `other`. */
const ASKED: Readonly<Record<string, (token: string) => { path: string; method?: string; body?: object }>> = {
  assign: () => ({ path: '/v1/assign', body: { experiment: 'theirs', visitor: VISITOR } }),
  events: (token) => ({
    path: '/v1/events',
    body: {
      events: [
        { experiment: 'theirs', visitor: VISITOR, step: 'buy' },
        { experiment: 'theirs', visitor: VISITOR, type: 'exposure' },
        { token, step: 'buy' },
        { token, experiment: 'ours', visitor: VISITOR, step: 'buy' },
      ],
    },
  }),
  identify: () => ({ path: '/v1/identify', body: { visitor: 'known-to-them', knownAs: VISITOR } }),
  packed: () => ({ path: '/v1/packed/theirs', method: 'GET' }),
  evaluateFlag: () => ({
    path: '/ofrep/v1/evaluate/flags/theirs.sequence',
    body: { context: { targetingKey: VISITOR, $expose: true } },
  }),
  evaluateFlags: () => ({
    path: '/ofrep/v1/evaluate/flags',
    body: { context: { targetingKey: VISITOR, $expose: true } },
  }),
};

describe('a key of another project', () => {
  it('is tried on every route of sites', () => {
    const ofSites = all.filter(([, { access }]) => access === 'site' || access === 'server').map(([name]) => name);
    expect(Object.keys(ASKED).sort()).toEqual(ofSites.sort());
  });

  it.each(Object.keys(ASKED).flatMap((route) => (['secret', 'publishable'] as const).map((kind) => ({ route, kind }))))(
    'learns nothing and records nothing by $route with a $kind key',
    async ({ route, kind }) => {
      const key = await site.issue({ kind });
      const token = signToken(
        { kind: 'exposure', experiment: 'theirs', visitor: VISITOR, variant: 'ladder', issuedAt: NOON },
        await site.deps.secrets.tokenSecret(),
      );
      const { path, ...asked } = ASKED[route]?.(token) ?? { path: '/' };
      const { text, json } = await site.ask(path, { ...asked, key, headers: { origin: SHOP } });
      expect(text).not.toMatch(/secret plan|secret\.example|one-ask.*ladder/);
      expect(await site.deps.journeys.find('theirs', VISITOR)).toBeUndefined();
      if (route === 'events')
        for (const answer of json.answers) expect(answer.code).toBe('experiment-of-other-project');
      else if (route === 'identify' && kind === 'publishable') expect(json.code).toBe('key.not-secret');
      else if (route === 'identify')
        expect(json.experiments.map(({ experiment }: { experiment: string }) => experiment)).toEqual(['ours']);
      else if (route === 'evaluateFlags')
        expect(json.flags.map(({ key: flag }: { key: string }) => flag)).toEqual(['ours', 'ours.sequence']);
      else expect(JSON.stringify(json)).toMatch(/key\.other-project|the key is not for the project/);
    },
  );
});

describe('someone who may only read', () => {
  it('is not shown the secret by which the receiver of a webhook knows who sent it', async () => {
    await site.started({ id: 'told', reporting: { every: 'day', webhook: 'https://hooks.example.com/x' } });
    const admin = adminApi(site.deps, () => {}, { gate: signedGate });
    const told = async (groups: string) => {
      const event = {
        headers: {},
        rawQueryString: '',
        requestContext: {
          http: { method: 'GET', path: '/v1/experiments/told/deliveries' },
          authorizer: { jwt: { claims: { token_use: 'access', username: 'ada', 'cognito:groups': groups } } },
        },
      };
      return Object.keys(JSON.parse((await admin(event as never, {} as never)).body ?? '{}'));
    };
    expect(await told('[]')).toEqual(['deliveries']);
    expect(await told('[editors]')).toEqual(['deliveries', 'webhookSecret']);
  });
});

describe('a key of a site', () => {
  const gates: readonly (readonly [string, Gate])[] = [
    ['on AWS', signedGate],
    ['on one machine', localAdminGate('sl_local_secret')],
  ];
  it.each(gates)('opens no route of administrators %s', async (_, gate) => {
    const bugs: unknown[] = [];
    const admin = adminApi(site.deps, (error) => bugs.push(error), { gate });
    const keys = await Promise.all([site.issue({ projects: ['main', 'other'] }), site.issue({ kind: 'publishable' })]);
    for (const [name, { method, path, access }] of all.filter(([, each]) => each.access === 'admin'))
      for (const key of keys) {
        const event = {
          headers: { authorization: `Bearer ${key}`, origin: SHOP, host: 'localhost:3000' },
          rawQueryString: '',
          requestContext: { http: { method, path: path.replace(/\{\w+\}/g, 'theirs'), sourceIp: '127.0.0.1' } },
          body: '{}',
          isBase64Encoded: false,
        };
        const { statusCode, body } = (await admin(event as never, {} as never)) ?? {};
        expect([name, access, statusCode]).toEqual([name, 'admin', 401]);
        expect(body).not.toContain('secret');
      }
    expect(bugs).toEqual([]);
  });
});
