import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { redirect } from '#functions/api/redirect.ts';
import { edgeBundle } from '#functions/edge/bundle.ts';
import { readMark } from '#functions/edge/exposure-mark.ts';
import { visitorOfRequest } from '#functions/edge/sign-token.ts';
import { exposures } from '#functions/stream/exposures.ts';
import { pack } from '#shared/assignment/pack.ts';
import { type Experiment, redefine } from '#shared/experiment/experiment.ts';
import type { Holdout } from '#shared/experiment/holdout.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { verifyToken } from '#shared/token/token.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { publishPacked } from '#shared/usecases/publish-packed.ts';
import { aDefinition, anExperiment, NOON } from '../support/an-experiment.ts';
import { type Click, contentType, edgeOutcome, REQUEST_ID, throughLambda, viewerEvent } from './clicks.ts';
import { findNjs, inBareGlobals, underNjs } from './runtime.ts';

const { code } = edgeBundle();
const SECRET = 'a secret of the test, 32 bytes or more';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const COOKIE = 'stepladder=Zm9vYmFyYmF6cXV4cXV1eA';
const RETURNING = COOKIE.slice('stepladder='.length);

const variants = (weights: readonly [number, number] = [1, 1]) => [
  {
    id: 'one-ask',
    name: 'One ask',
    weight: weights[0],
    steps: [{ id: 'buy', name: 'Buy', url: 'https://shop.example/buy?ref=ladder#now' }],
  },
  {
    id: 'ladder',
    name: 'Two asks',
    weight: weights[1],
    steps: [
      { id: 'quiz', name: 'Quiz', url: 'https://shop.example/quiz' },
      { id: 'buy', name: 'Buy' },
    ],
  },
];

const EXPERIMENTS = {
  running: anExperiment({ variants: variants() }),
  'part of the traffic': anExperiment({ variants: variants(), traffic: 0.05 }),
  audience: anExperiment({
    variants: variants(),
    audience: [{ attribute: 'utm_term', operator: 'one-of', values: ['läufer', '走る', 'a b', '👟'] }],
  }),
  forced: anExperiment({ variants: variants(), forced: { [RETURNING]: 'ladder' } }),
  'not begun': anExperiment({ variants: variants(), enrolment: { from: new Date(NOON + 1).toISOString() } }),
  'other weights': redefine(
    anExperiment({ variants: variants() }),
    aDefinition({ variants: variants([1, 9]) }),
    NOON - 1,
  ),
  'part of a layer': anExperiment({ variants: variants(), layer: { name: 'checkout', from: 0.02, until: 0.04 } }),
  'a ramp, not come yet': anExperiment({
    variants: variants(),
    traffic: 0,
    ramp: [{ at: new Date(NOON + 1).toISOString(), traffic: 1 }],
  }),
  'a ramp at its instant': anExperiment({
    variants: variants(),
    traffic: 0,
    ramp: [{ at: new Date(NOON).toISOString(), traffic: 1 }],
  }),
  'nearly all held out': anExperiment({ variants: variants() }),
  'an audience of those who return': anExperiment({
    variants: variants(),
    audience: [{ attribute: 'returning', operator: 'is', value: true }],
  }),
  'an audience of those who are new': anExperiment({
    variants: variants(),
    audience: [{ attribute: 'returning', operator: 'is', value: false }],
  }),
  paused: anExperiment({ status: 'paused', variants: variants() }),
  concluded: anExperiment({ status: 'concluded', ship: 'ladder', variants: variants() }),
} as const satisfies Record<string, Experiment>;
type Name = keyof typeof EXPERIMENTS;

const HOLDOUTS = new Map<Experiment, Holdout>([
  [EXPERIMENTS['nearly all held out'], { share: 0.98, salt: 'of the installation' }],
]);

/** The Lambda on stores in memory. A cookie's owner may have been here before; `journeys` says so. */
function lambda(experiment: Experiment, journeys = new Map<string, Journey>()) {
  const packed = pack(experiment, HOLDOUTS.get(experiment));
  if (packed === undefined) throw new Error('a draft cannot be served');
  const record = async (news: Journey) => {
    const before = journeys.get(news.visitor);
    const after = before ? merge(before, news) : news;
    journeys.set(news.visitor, after);
    return { before, after };
  };
  const deps = {
    live: async (id: string) => (id === experiment.id ? { experiment, packed } : undefined),
    journeys: { record, find: async (_: string, visitor: string) => journeys.get(visitor) },
    secrets: { tokenSecret: async () => ({ current: SECRET }) },
    clock: () => NOON,
    newId: () => visitorOfRequest(REQUEST_ID),
  } as unknown as Deps;
  const fail = (error: unknown) => {
    throw error;
  };
  return { handler: redirect(deps, fail), journeys, deps };
}

async function published(experiment: Experiment, before: readonly Experiment[] = []): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  await publishPacked(
    {
      experiments: {
        find: async () => experiment,
        revisions: async () =>
          [...before, experiment].map((each) => ({
            revision: each.revision,
            at: 0,
            by: 'me',
            action: 'edited',
            experiment: each,
          })),
      },
      settings: {
        find: async () => {
          const holdout = HOLDOUTS.get(experiment);
          return holdout && { revision: 1, at: 0, by: 'me', holdout };
        },
      },
      secrets: { tokenSecret: async () => ({ current: SECRET }) },
      edge: {
        put: async (key, value) => {
          values[key] = value;
        },
        remove: async () => {},
      },
    },
    experiment.id,
    () => true,
  );
  return values;
}

const edge = async (experiment: Experiment, before: readonly Experiment[] = []) =>
  inBareGlobals(code, { values: await published(experiment, before), now: NOON });

/** The journey that the consumer makes of the log's line about an answer. */
async function consumed(experiment: Experiment, query: string, type: string): Promise<Journey | undefined> {
  const { deps, journeys } = lambda(experiment);
  const fields = [
    NOON / 1000,
    302,
    'GET',
    '/go/checkout',
    encodeURIComponent(BROWSER),
    encodeURIComponent(query) || '-',
  ];
  const line = [...fields, 'FunctionGeneratedResponse', encodeURIComponent(type)].join('\t');
  const data = Buffer.from(line).toString('base64');
  const event = { Records: [{ kinesis: { sequenceNumber: '1', data } }] } as unknown as KinesisStreamEvent;
  await exposures(deps, { info() {}, error: (said) => expect(said).toBe('') })(event);
  return journeys.values().next().value;
}

/** What the same experiment was before, for those that were changed while they ran. */
const BEFORE: Partial<Record<Name, readonly Experiment[]>> = {
  'other weights': [anExperiment({ variants: variants() })],
};

const CLICKS: readonly (Click & { readonly name: string })[] = [
  { name: 'no cookie' },
  { name: 'a cookie', cookies: [COOKIE] },
  { name: 'a stale cookie of another shape', cookies: ['stepladder=v1'] },
  { name: 'cookies of others', cookies: ['_ga=GA1.1', 'stepladderish=Zm9vYmFyYmF6'] },
  { name: 'a bot', headers: { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' } },
  { name: 'a prefetch', headers: { 'sec-purpose': 'prefetch;prerender' } },
  { name: 'an old prefetch', headers: { purpose: 'prefetch' }, cookies: [COOKIE] },
  { name: 'a very old prefetch', headers: { 'x-moz': 'prefetch' } },
  { name: 'HEAD', method: 'HEAD' },
  { name: 'a preview', query: 'stepladder_variant=ladder&a=1' },
  { name: 'a preview of nothing there', query: 'stepladder_variant=nine' },
  { name: 'an encoded preview', query: 'stepladder%5Fvariant=ladder' },
  { name: 'click ids', query: 'gclid=Cj0KC-_.~&utm_source=x&utm_source=y&flag&empty=&&b=%20+%2B' },
  { name: 'a key the destination has', query: 'ref=mine&%72ef=too&x=1' },
  { name: 'an audience met', query: 'utm_term=l%C3%A4ufer' },
  { name: 'an audience met beyond the first plane', query: 'utm_term=%F0%9F%91%9F&utm_term=no' },
  { name: 'an audience met with a plus', query: 'utm_term=a+b' },
  { name: 'an audience met by a cookie’s owner', query: 'utm_term=%E8%B5%B0%E3%82%8B', cookies: [COOKIE] },
  { name: 'names of prototypes', query: 'constructor=1&__proto__=2&toString' },
  { name: 'raw letters', query: 'q=größe&r=\u2028' },
  { name: 'a line break', query: 'q=%0d%0aSet-Cookie:x=1' },
  { name: 'an address', query: 'url=//evil.example&to=javascript:alert(1)' },
  { name: 'a malformed escape', query: 'q=100%' },
  { name: 'a long value', query: `fbclid=${'x'.repeat(300)}` },
  { name: 'a query of 8 KB', query: `q=${'x'.repeat(8000)}` },
  { name: 'an encoded path', path: '/go/check%6Fut' },
  { name: 'an experiment nobody knows', path: '/go/nobody-knows' },
  { name: 'another path', path: '/go/checkout/more' },
  { name: 'a name no experiment can have', path: '/go/constructor' },
  { name: 'our token', query: 'stepladder_token=abc' },
  { name: 'no consent', query: 'a=1&stepladder_consent=off' },
  { name: 'more pairs than are read in time', query: 'a&'.repeat(21) },
  { name: 'POST', method: 'POST' },
];

/** What the edge leaves to the origin whatever the experiment is. */
const ALWAYS_PASSED = new Set([
  'a preview of nothing there',
  'a malformed escape',
  'a long value',
  'a query of 8 KB',
  'an encoded path',
  'an experiment nobody knows',
  'another path',
  'a name no experiment can have',
  'our token',
  'no consent',
  'more pairs than are read in time',
  'POST',
]);

/** Which clicks with a cookie the edge may answer: those whose answer no earlier visit can have changed. */
const ANSWERS_RETURNING: Readonly<Record<Name, boolean>> = {
  running: true,
  'part of the traffic': false,
  audience: false,
  forced: true,
  'not begun': false,
  'other weights': false,
  'part of a layer': false,
  'a ramp, not come yet': false,
  'a ramp at its instant': true,
  'nearly all held out': false,
  'an audience of those who return': true,
  'an audience of those who are new': false,
  paused: true,
  concluded: true,
};

describe.each(Object.keys(EXPERIMENTS) as Name[])('the edge redirect, experiment: %s', (name) => {
  const experiment = EXPERIMENTS[name];
  const before = BEFORE[name] ?? [];

  it.each(CLICKS)('answers $name as the Lambda does, or passes it on', async (click) => {
    const outcome = edgeOutcome(await (await edge(experiment, before))(viewerEvent(click)));
    if (outcome !== 'passed') expect(outcome).toEqual(await throughLambda(lambda(experiment).handler, click));
    if (ALWAYS_PASSED.has(click.name)) expect(outcome).toBe('passed');
    else if (click.name === 'a cookie') expect(outcome !== 'passed').toBe(ANSWERS_RETURNING[name]);
    else if (!click.cookies?.includes(COOKIE)) expect(outcome).not.toBe('passed');
  });

  it('marks exactly the clicks that the Lambda counts', async () => {
    const run = await edge(experiment, before);
    for (const click of CLICKS) {
      const answer = await run(viewerEvent(click));
      if (edgeOutcome(answer) === 'passed') continue;
      const { handler, journeys } = lambda(experiment);
      await throughLambda(handler, click);
      const [journey] = journeys.values();
      const { visitor, variant, sequence, epoch, revision } = journey ?? {};
      expect(readMark(contentType(answer)), click.name).toEqual(
        journey
          ? { visitor, variant, sequence, epoch, revision, returning: click.cookies?.includes(COOKIE) ?? false }
          : 'uncounted',
      );
    }
  });
});

describe('the edge redirect', () => {
  const running = EXPERIMENTS.running;

  it('signs tokens that the platform accepts', async () => {
    const outcome = edgeOutcome(await (await edge(running))(viewerEvent({})));
    if (outcome === 'passed') throw new Error('passed on');
    const token = new URL(outcome.location).searchParams.get('stepladder_token') ?? '';
    expect(verifyToken(token, { current: SECRET }, NOON)).toMatchObject({
      kind: 'valid',
      token: { kind: 'visit', experiment: 'checkout', visitor: visitorOfRequest(REQUEST_ID), issuedAt: NOON },
    });
  });

  it('says enough in its log that segments and intent are frozen as the Lambda freezes them', async () => {
    const experiment = anExperiment({
      variants: variants(),
      segments: [
        { attribute: 'utm_source', values: ['mail', 'läufer'] },
        { attribute: 'returning', values: ['true', 'false'] },
      ],
      intent: {
        rules: [
          { stage: 'late', when: [{ attribute: 'utm_term', operator: 'starts-with', value: 'buy' }] },
          { stage: 'mid', when: [{ attribute: 'returning', operator: 'is', value: true }] },
        ],
      },
    });
    const run = await edge(experiment);
    const queries = [
      '',
      'utm_term=buy+now&utm_source=mail',
      'utm_source=l%C3%A4ufer&utm_source=mail',
      'returning=true',
    ];
    const stages = new Set<string | undefined>();
    for (const query of queries)
      for (const cookies of [[], [COOKIE]]) {
        const click = { query, cookies, headers: { 'user-agent': BROWSER } };
        const { handler, journeys } = lambda(experiment);
        await throughLambda(handler, click);
        const [atOrigin] = journeys.values();
        const fromLog = await consumed(experiment, query, contentType(await run(viewerEvent(click))));
        expect(fromLog, JSON.stringify(click)).toEqual({ ...atOrigin, source: 'edge' });
        stages.add(atOrigin?.segments.intent);
      }
    expect(stages).toEqual(new Set(['early', 'mid', 'late']));
  });

  it.each([
    { name: 'an empty value', value: '' },
    { name: 'no JSON', value: '{"secret":' },
    { name: 'JSON of nothing', value: 'null' },
    { name: 'no experiment', value: '{"secret":"s"}' },
    { name: 'an experiment of another kind', value: '{"secret":"s","packed":{"kind":"bandit","variants":[]}}' },
    { name: 'no variants', value: '{"secret":"s","packed":{"kind":"fixed","serve":0,"control":0}}' },
    {
      name: 'a variant that is not there',
      value: '{"secret":"s","packed":{"kind":"fixed","serve":7,"variants":[{"id":"a","url":"https://a.example"}]}}',
    },
    {
      name: 'a variant without an address',
      value: '{"secret":"s","packed":{"kind":"fixed","serve":0,"variants":[{"id":"a"}]}}',
    },
    { name: 'no secret', value: JSON.stringify({ packed: pack(running) }) },
  ])('passes a visitor on when the store holds $name', async ({ value }) => {
    const run = inBareGlobals(code, { values: { checkout: value }, now: NOON });
    expect(edgeOutcome(await run(viewerEvent({})))).toBe('passed');
  });

  it('hands the request on untouched', async () => {
    const event = viewerEvent({ path: '/go/nobody-knows', query: 'a=%31&b' });
    const { rawQueryString: _, ...request } = event.request;
    expect(await (await edge(running))(event)).toEqual(request);
  });

  it('decides by the revision it holds, and marks that one', async () => {
    const [held, current] = [running, redefine(running, aDefinition({ variants: variants([0, 1]) }), NOON)];
    const ids = Array.from({ length: 40 }, (_, i) => `request-${i}`);
    const run = await edge(held);
    const marks = [];
    for (const requestId of ids) {
      const event = viewerEvent({});
      marks.push(readMark(contentType(await run({ ...event, context: { requestId } }))));
    }
    expect(new Set(marks.map((mark) => typeof mark === 'object' && mark.variant))).toEqual(
      new Set(['one-ask', 'ladder']),
    );
    expect(marks).toEqual(
      marks.map((mark) =>
        expect.objectContaining({ revision: held.revision, epoch: 1, visitor: (mark as { visitor: string }).visitor }),
      ),
    );
    expect(current.revision).toBe(held.revision + 1);
  });

  it('makes one visitor of a request that is repeated, and another of another', async () => {
    expect(visitorOfRequest('one')).toBe(visitorOfRequest('one'));
    expect(visitorOfRequest('one')).not.toBe(visitorOfRequest('two'));
    expect(visitorOfRequest(REQUEST_ID)).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('leaves those who want nothing kept to the origin', async () => {
    expect(edgeOutcome(await (await edge(running))(viewerEvent({ headers: { 'sec-gpc': '1' } })))).toBe('passed');
  });

  it.each<{ name: string; after: Parameters<typeof aDefinition>[0]; query?: string; answers: boolean }>([
    { name: 'nothing', after: { variants: variants() }, answers: true },
    { name: 'a name', after: { variants: variants(), name: 'Another name' }, answers: true },
    { name: 'the same shares in other numbers', after: { variants: variants([50, 50]) }, answers: true },
    { name: 'the weights', after: { variants: variants([1, 9]) }, answers: false },
    { name: 'the order of the variants', after: { variants: variants().reverse() }, answers: false },
    { name: 'the traffic', after: { variants: variants(), traffic: 0 }, answers: false },
    {
      name: 'the audience',
      after: { variants: variants(), audience: [{ attribute: 'vip', operator: 'present' }] },
      answers: false,
    },
    {
      name: 'the enrolment',
      after: { variants: variants(), enrolment: { until: new Date(NOON).toISOString() } },
      answers: false,
    },
  ])('shows those who were here before what they saw, after a change of $name', async ({ after, answers }) => {
    const changed = redefine(running, aDefinition(after), NOON);
    const run = await edge(changed, [running]);
    const outcomes = [];
    for (let i = 0; i < 50; i++) {
      const click = { cookies: [`stepladder=visitor-${i}`] };
      const past = lambda(running);
      await throughLambda(past.handler, click);
      const outcome = edgeOutcome(await run(viewerEvent(click)));
      outcomes.push(outcome !== 'passed');
      if (outcome !== 'passed')
        expect(outcome).toEqual(await throughLambda(lambda(changed, past.journeys).handler, click));
    }
    expect(new Set(outcomes)).toEqual(new Set([answers]));
  });

  const njs = findNjs();
  it.runIf(njs)('answers every click under njs as it does in Node', async () => {
    for (const experiment of Object.values(EXPERIMENTS)) {
      const world = { values: await published(experiment), now: NOON };
      const run = inBareGlobals(code, world);
      const events = CLICKS.map(viewerEvent);
      const outcomes = [];
      for (const event of events) {
        const answer = await run(event);
        const outcome = edgeOutcome(answer);
        outcomes.push(outcome === 'passed' ? outcome : [outcome, contentType(answer)]);
      }
      const answers = underNjs(njs ?? '', code, world, events).map((answer) => {
        const outcome = edgeOutcome(answer);
        return outcome === 'passed' ? outcome : [outcome, contentType(answer)];
      });
      expect(answers).toEqual(outcomes);
    }
  });
});
