import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { adminApi } from '#functions/api/admin.ts';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import type { Route } from '#shared/contracts/route.ts';
import { routes } from '#shared/contracts/routes.ts';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import { anExperiment, withAddresses } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite } from '../support/keyed-site.ts';
import type { Names } from './arbitrary-of.ts';
import type { Call } from './call.ts';
import { reply } from './reply.ts';

/** What is fuzzed: the functions on the real stores, with an experiment in each state, and the names that lead to them. */
export type Target = {
  readonly site: KeyedSite;
  readonly names: Names & Readonly<Record<string, readonly string[]>>;
  /** What the functions reported as bugs since the last call. */
  readonly bugs: unknown[];
  readonly send: (call: Call) => Promise<ReturnType<typeof reply>>;
};

export async function openTarget(): Promise<Target> {
  const site = await openKeyedSite();
  for (const experiment of [
    { id: 'shop' },
    { id: 'draft', status: 'draft' },
    { id: 'paused', status: 'paused' },
    { id: 'done', status: 'concluded' },
    { id: 'forced', forced: { vip: 'ladder' } },
  ] as const)
    await site.put(anExperiment({ ...experiment, variants: withAddresses() }));
  const bugs: unknown[] = [];
  const report = (error: unknown) => bugs.push(error);
  const handlers: Readonly<Record<Route['servedBy'], HttpHandler>> = {
    redirect: redirect(site.deps, report),
    site: siteApi(site.deps, report),
    admin: adminApi(site.deps, report, { openApi: () => '{}' }),
  };
  const key = await site.issue({ projects: ['main', 'other'] });
  const flag = await site.ask('/ofrep/v1/evaluate/flags/shop', { key, body: { context: { targetingKey: 'ada' } } });
  return {
    site,
    bugs,
    names: {
      experiment: ['shop', 'draft', 'paused', 'done', 'forced'],
      id: ['shop', 'draft', ...Array.from({ length: 200 }, (_, i) => `fresh-${i}`)],
      visitor: ['ada', 'grace', 'vip'],
      targetingKey: ['ada', 'grace', 'vip'],
      step: ['buy', 'question', 'plan'],
      ship: ['ladder', 'one-ask'],
      goal: ['buy'],
      control: ['one-ask'],
      key: ['shop', 'shop.sequence', 'paused'],
      // Keys to rotate and to end; the one that is used is not among them.
      keyId: await Promise.all([1, 2].map(async () => (await site.issue()).split('_')[2] ?? '')),
      bearer: [key],
      token: [flag.json.metadata.exposureToken],
    },
    send: async ({ operation, path, query, headers, cookies = [], body, isBase64Encoded }) => {
      bugs.length = 0;
      const { method, servedBy } = routes[operation.operationId] as Route;
      const event = {
        rawQueryString: query,
        headers,
        cookies,
        requestContext: { http: { method, path, sourceIp: '203.0.113.9' } },
        ...(body !== undefined && { body }),
        isBase64Encoded,
      };
      return reply(await handlers[servedBy](event as unknown as APIGatewayProxyEventV2, {} as Context));
    },
  };
}
