import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { adminApi } from '#functions/api/admin.ts';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import { openApi } from '#shared/contracts/openapi.ts';
import { schemas as answers } from '#shared/contracts/openapi-operations.ts';
import { type Route, type RouteName, routes } from '#shared/contracts/routes.ts';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import { anExperiment, definitionInput, steps } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite } from '../support/keyed-site.ts';
import { arbitraryOf, HOSTILE, HOSTILE_NAME, type Schema, spoilt } from './arbitrary-of.ts';
import { reply } from './reply.ts';

/** How long the fuzzing goes on. More by hand: FUZZ_SECONDS=600 npx vitest run test/openapi/fuzz.test.ts */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 14);
const BATCH_SECONDS = SECONDS / 3;

type Response = { readonly $ref?: string; readonly content?: Readonly<Record<string, { schema?: { $ref?: string } }>> };
type Operation = {
  readonly operationId: RouteName;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, Response>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
};
const document = openApi() as unknown as Document;
const operations = Object.values(document.paths).flatMap((item) => Object.values(item));

let site: KeyedSite;
let handlers: Readonly<Record<Route['servedBy'], HttpHandler>>;
const bugs: unknown[] = [];
const withAddresses = definitionInput().variants.map((variant) => ({
  ...variant,
  steps: variant.steps.map((step) => ({ ...step, url: `https://shop.example/${step.id}` })),
}));
const names: Record<string, string[]> = {
  experiment: ['shop', 'draft', 'paused', 'done', 'forced'],
  id: ['shop', 'draft', 'fresh-1', 'fresh-2'],
  visitor: ['ada', 'grace', 'vip'],
  targetingKey: ['ada', 'grace', 'vip'],
  step: ['buy', 'question', 'plan'],
  ship: ['ladder', 'one-ask'],
  goal: ['buy'],
  control: ['one-ask'],
  key: ['shop', 'shop.sequence', 'paused'],
};

beforeAll(async () => {
  site = await openKeyedSite();
  for (const experiment of [
    anExperiment({ id: 'shop', variants: withAddresses }),
    anExperiment({ id: 'draft', status: 'draft' }),
    anExperiment({ id: 'paused', status: 'paused' }),
    anExperiment({ id: 'done', status: 'concluded' }),
    anExperiment({ id: 'forced', forced: { vip: 'ladder' } }),
  ])
    await site.put(experiment);
  const report = (error: unknown) => bugs.push(error);
  handlers = {
    redirect: redirect(site.deps, report),
    site: siteApi(site.deps, report),
    admin: adminApi(site.deps, report, { openApi: () => '{}' }),
  };
  const key = await site.issue({ projects: ['main', 'other'] });
  names.bearer = [key];
  const flag = await site.ask('/ofrep/v1/evaluate/flags/shop', { key, body: { context: { targetingKey: 'ada' } } });
  names.token = [flag.json.metadata.exposureToken];
  // Keys to rotate and to end; the one that is used is not among them.
  names.id = [...(names.id ?? []), ...Array.from({ length: 200 }, (_, i) => `fresh-${i}`)];
  names.keyId = await Promise.all([1, 2].map(async () => (await site.issue()).split('_')[2] ?? ''));
});
afterAll(() => site?.stop());

type Call = {
  readonly operation: Operation;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
};

const latin = (maxLength: number) => fc.string({ maxLength }).map((each) => each.replace(/[^\x20-\x7e]/g, '?'));
const pathPart = (name: string): Arbitrary<string> => {
  const known = name === 'key' ? [...(names.key ?? []), ...(names.keyId ?? [])] : (names[name] ?? ['x']);
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...known).map(encodeURIComponent) },
    fc.constantFrom(
      '%',
      '%ff',
      '%00',
      '..',
      '%2e%2e%2f',
      '__proto__',
      'constructor',
      'a'.repeat(3_000),
      '%F0%9F%92%A9',
      '.sequence',
      '#',
    ),
    fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).map((text) => encodeURIComponent(text)),
  );
};

const FIELDS = [
  'name',
  'hypothesis',
  'traffic',
  'audience',
  'segments',
  'forced',
  'enrolment',
  'windowDays',
  'project',
];

/** A body as the document asks for it, one with something wrong, or something else altogether. */
function bodyOf(operation: Operation): Arbitrary<{ body: string | undefined; isBase64Encoded: boolean }> {
  const schema = operation.requestBody?.content['application/json']?.schema;
  const drawn = schema === undefined ? fc.constant(undefined) : arbitraryOf(schema, document.components.schemas, names);
  // A definition drawn at random never hangs together; one that does, with a few of its fields drawn, often will.
  const valid = /createExperiment|editExperiment/.test(operation.operationId)
    ? fc
        .tuple(
          drawn,
          fc.subarray(FIELDS),
          fc.constantFrom(...((operation.operationId === 'editExperiment' ? names.experiment : names.id) ?? [])),
        )
        .map(([value, fields, id]) => ({
          ...definitionInput({ id }),
          ...Object.fromEntries(Object.entries(value as object).filter(([field]) => fields.includes(field))),
        }))
    : drawn;
  const plain = (body: string | undefined) => ({ body, isBase64Encoded: false });
  const nearly = fc
    .tuple(valid, fc.nat(10_000), HOSTILE, HOSTILE_NAME)
    .map(([value, pick, hostile, name]) => spoilt(value ?? {}, pick, hostile, name));
  return fc.oneof(
    { weight: 6, arbitrary: valid.map((value) => plain(value === undefined ? undefined : JSON.stringify(value))) },
    { weight: 6, arbitrary: nearly.map((value) => plain(JSON.stringify(value))) },
    { weight: 2, arbitrary: HOSTILE.map((value) => plain(JSON.stringify(value))) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          '',
          ' ',
          'not json',
          '{',
          '\ufeff{}',
          '{"a":1}{"b":2}',
          '['.repeat(50_000),
          `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
          `"${'x'.repeat(300_000)}"`,
          'NaN',
          '"\\ud800"',
        )
        .map(plain),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => ({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })),
    },
  );
}

const callOf = (operation: Operation): Arbitrary<Call> => {
  const { path, access } = routes[operation.operationId] as Route;
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const credential =
    access === 'site'
      ? fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...(names.bearer ?? [])) }, latin(60), fc.constant(undefined))
      : fc.constant(undefined);
  return fc
    .record({
      parts: fc.tuple(...parameters.map(pathPart)),
      query: fc.oneof(
        fc.constant(''),
        latin(80),
        fc.constantFrom('__proto__=1&a=b', 'stepladder_token=x.y', 'stepladder_variant=ladder', '%=%ff&&='),
      ),
      bearer: credential,
      extra: fc.dictionary(
        fc.constantFrom(
          'if-none-match',
          'if-match',
          'origin',
          'user-agent',
          'sec-purpose',
          'x-api-key',
          'content-type',
        ),
        latin(60),
        { maxKeys: 3 },
      ),
      body: bodyOf(operation),
    })
    .map(({ parts, query, bearer, extra, body }) => ({
      operation,
      path: parameters.reduce((filled, name, i) => filled.replace(`{${name}}`, () => parts[i] ?? ''), path),
      query,
      headers: { ...extra, ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
      ...body,
    }));
};

async function send({ operation, path, query, headers, body, isBase64Encoded }: Call) {
  const { method, servedBy } = routes[operation.operationId] as Route;
  const event = {
    rawQueryString: query,
    headers,
    requestContext: { http: { method, path, sourceIp: '203.0.113.9' } },
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
  return reply(await handlers[servedBy](event as unknown as APIGatewayProxyEventV2, {} as Context));
}

/** Recounts read 256 partitions each; once in a while is enough. */
const isSlow = ({ operationId }: Operation) => /report|ladders|journeys|erase/i.test(operationId);

/** The answer of a request, held against the document. */
function expectDocumented({ operation }: Call, { status, type, text }: Awaited<ReturnType<typeof send>>): void {
  const told = operation.responses[status];
  expect(
    Object.keys(operation.responses),
    `${operation.operationId} answered ${status}: ${text.slice(0, 300)}`,
  ).toContain(String(status));
  const response = told?.$ref ? document.components.responses[told.$ref.split('/').at(-1) ?? ''] : told;
  const content = response?.content;
  if (content === undefined) return;
  const [, media] = Object.entries(content).find(([each]) => type.startsWith(each)) ?? [];
  expect(media, `${operation.operationId} ${status} came as ${type}`).toBeDefined();
  const name = media?.schema?.$ref?.split('/').at(-1);
  const schema = name === undefined ? undefined : answers[name];
  if (schema)
    expect(
      z.safeParse(schema, JSON.parse(text)).error?.issues ?? [],
      `${operation.operationId} ${status} ${text.slice(0, 500)}`,
    ).toEqual([]);
}

describe('every endpoint', () => {
  it(
    'answers whatever is sent as documented, never with a 5xx, and reports no bug',
    async () => {
      const calls = fc.oneof(
        ...operations.map((operation) => ({ weight: isSlow(operation) ? 1 : 100, arbitrary: callOf(operation) })),
      );
      const statuses = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(calls, async (call) => {
          bugs.length = 0;
          const answer = await send(call);
          expect(bugs).toEqual([]);
          expect(answer.status, `${call.operation.operationId}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
          expectDocumented(call, answer);
          const seen = `${call.operation.operationId} ${answer.status}`;
          statuses.set(seen, (statuses.get(seen) ?? 0) + 1);
        }),
        {
          numRuns: 1_000_000,
          interruptAfterTimeLimit: SECONDS * 1000,
          markInterruptAsFailure: false,
          endOnFailure: true,
        },
      );
      const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
      console.log(
        `${total} requests; ${[...statuses]
          .sort()
          .map(([name, count]) => `${name} ${count}`)
          .join(', ')}`,
      );
      // Behind the first door: what is valid was let in, everywhere but where it cannot be.
      for (const name of [
        'assign 200',
        'events 200',
        'evaluateFlag 200',
        'evaluateFlags 200',
        'packed 200',
        'createKey 201',
        'createExperiment 201',
        'redirect 302',
        'findExperiment 200',
      ])
        expect([...statuses.keys()]).toContain(name);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
    (SECONDS + 40) * 1000,
  );
});

describe('a batch of events', () => {
  it(
    'loses no good event, whatever lies beside it',
    async () => {
      await site.put(
        anExperiment({
          id: 'batch',
          variants: [
            { id: 'one-ask', name: 'a', steps: steps('buy') },
            { id: 'ladder', name: 'b', steps: steps('question', 'plan', 'buy') },
          ],
        }),
      );
      const eventSchema = document.components.schemas.EventRequest ?? {};
      const likely = arbitraryOf(eventSchema, document.components.schemas, names);
      const other = fc.oneof(
        likely,
        HOSTILE,
        fc
          .tuple(likely, fc.nat(10_000), HOSTILE, HOSTILE_NAME)
          .map(([value, pick, hostile, name]) => spoilt(value, pick, hostile, name)),
      );
      let visitors = 0;
      const operation = operations.find(({ operationId }) => operationId === 'events');
      if (operation === undefined) throw new Error('there are no events');
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.option(other, { freq: 4, nil: 'good' }), { minLength: 1, maxLength: 30 }),
          async (batch) => {
            const events = batch.map((each, i) =>
              each === 'good'
                ? { experiment: 'batch', visitor: `good-${visitors}-${i}`, step: 'buy', eventId: `e${i}` }
                : each,
            );
            const body = JSON.stringify({ events });
            fc.pre(Buffer.byteLength(body) <= (routes.events.bodyBytes ?? 0));
            bugs.length = 0;
            const headers = { authorization: `Bearer ${names.bearer?.[0]}` };
            const { status, text } = await send({
              operation,
              path: '/v1/events',
              query: '',
              headers,
              body,
              isBase64Encoded: false,
            });
            expect([bugs, status]).toEqual([[], 200]);
            const told = JSON.parse(text).answers;
            expect(told).toHaveLength(batch.length);
            for (const [i, each] of batch.entries())
              if (each === 'good') {
                expect(told[i]).toEqual({ eventId: `e${i}`, status: 'recorded' });
                expect(await site.deps.journeys.find('batch', `good-${visitors}-${i}`)).toMatchObject({
                  steps: { buy: {} },
                });
              }
            visitors += 1;
          },
        ),
        {
          numRuns: 10_000,
          interruptAfterTimeLimit: BATCH_SECONDS * 1000,
          markInterruptAsFailure: false,
          endOnFailure: true,
        },
      );
      expect(visitors).toBeGreaterThan(20);
    },
    (BATCH_SECONDS + 40) * 1000,
  );
});
