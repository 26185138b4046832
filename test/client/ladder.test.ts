import { beforeAll, describe, expect, it } from 'vitest';
import { signToken, type Token } from '#shared/token/token.ts';
import { bundle } from '../../client/build.ts';
import { eventsOf, openPage, type Page, type Sent } from './page.ts';

const built = { here: '', api: '' };
beforeAll(async () => {
  built.here = await bundle('stepladder.js');
  built.api = await bundle('stepladder-api.js');
});

const tokenOf = (token: Partial<Token> = {}) =>
  signToken(
    { kind: 'visit', experiment: 'four-steps', visitor: 'from-the-ad', variant: 'four-asks', issuedAt: 0, ...token },
    { current: 'secret' },
  );
const split = (ends: readonly number[], rest = {}) =>
  ({
    kind: 'split',
    id: 'four-steps',
    revision: 1,
    sequence: 1,
    epoch: 1,
    control: 0,
    variants: [
      { id: 'one-ask', url: '/buy' },
      { id: 'four-asks', url: '/question' },
    ],
    seed: 1,
    trafficSeed: 2,
    trafficEnd: 2 ** 32,
    ends,
    audience: [],
    forced: {},
    ...rest,
  }) as const;
const allControl = split([2 ** 32, 2 ** 32]);
const allLadder = split([0, 2 ** 32]);
const assignedTo = (variant: string) => (sent: { path: string; body: string }) => ({
  status: 200,
  text: sent.path.endsWith('/assign')
    ? JSON.stringify({ ...JSON.parse(sent.body), variant, assigned: true, reason: 'split', steps: [] })
    : '{"answers":[]}',
});
const stored = (storage: object) => Object.keys(storage).filter((name) => name.startsWith('stepladder'));
const allEvents = (page: Page) => page.sent.filter(({ path }) => path.endsWith('/events')).flatMap(eventsOf);

describe('the token of a redirect', () => {
  it.each([
    ['https://shop.example/?T', 'https://shop.example/'],
    ['https://shop.example/?T#plan', 'https://shop.example/#plan'],
    ['https://shop.example/?T&gclid=1', 'https://shop.example/?gclid=1'],
    ['https://shop.example/?gclid=1&T', 'https://shop.example/?gclid=1'],
    ['https://shop.example/?a=%20+&flag&T&a=%E2%82%AC#x?y', 'https://shop.example/?a=%20+&flag&a=%E2%82%AC#x?y'],
    ['https://shop.example//odd/?T', 'https://shop.example//odd/'],
  ])('leaves %s as %s', (before, after) => {
    const page = openPage(built.api, { url: before.replace('T', `stepladder_token=${tokenOf()}`) });
    page.ladder();
    expect(page.location.href).toBe(after);
  });

  it('reports the arrival, and a person once, at the first sign or after a second in sight', async () => {
    for (const sign of ['pointerdown', 'keydown', 'scroll', undefined]) {
      const page = openPage(built.api, { url: `https://shop.example/?stepladder_token=${tokenOf()}` });
      page.ladder();
      await page.pass(300);
      expect(allEvents(page)).toMatchObject([{ type: 'arrival', token: tokenOf() }]);
      if (sign) page.happen(sign);
      await page.pass(sign ? 300 : 1_000);
      page.happen('scroll');
      await page.pass(5_000);
      expect(allEvents(page).slice(1)).toMatchObject([{ type: 'interaction', token: tokenOf() }]);
    }
  });

  it('takes nobody for a person whose page was never in sight', async () => {
    const page = openPage(built.api, { url: `https://shop.example/?stepladder_token=${tokenOf()}` });
    page.document.hidden = true;
    page.ladder();
    await page.pass(60_000);
    expect(allEvents(page).map(({ type }) => type)).toEqual(['arrival']);
  });

  it('goes on with the visitor and the variant it names, here and on the next page', async () => {
    const storage = {};
    const first = openPage(built.here, { storage, url: `https://shop.example/?stepladder_token=${tokenOf()}` });
    const here = first.ladder({ packed: [allControl] });
    const next = openPage(built.here, { storage }).ladder({ packed: [allControl] });
    for (const ladder of [here, next])
      expect(await ladder.assign('four-steps')).toMatchObject({
        variant: 'four-asks',
        visitor: 'from-the-ad',
        reason: 'sticky',
      });
  });

  it('goes on under its visitor in its own experiment only, where this browser knew another', async () => {
    const storage = {};
    openPage(built.api, { storage }).ladder({ visitor: 'account-7' });
    const page = openPage(built.api, { storage, url: `https://shop.example/?stepladder_token=${tokenOf()}` });
    const ladder = page.ladder();
    ladder.step('four-steps', 'answer');
    ladder.step('another', 'answer');
    await page.pass(300);
    expect(
      allEvents(page)
        .filter(({ step }) => step)
        .map(({ experiment, visitor }) => [experiment, visitor])
        .sort(),
    ).toEqual([
      ['another', 'account-7'],
      ['four-steps', 'from-the-ad'],
    ]);
  });

  it('counts nothing of who was shown the page uncounted, and shows them the same again', async () => {
    const storage = {};
    const token = tokenOf({ kind: 'uncounted', visitor: 'nobody', variant: 'one-ask' });
    const first = openPage(built.here, { storage, url: `https://shop.example/?stepladder_token=${token}` });
    const next = openPage(built.here, { storage });
    for (const page of [first, next]) {
      const ladder = page.ladder({ packed: [allLadder, { ...allLadder, id: 'another' }] });
      ladder.step('four-steps', 'buy');
      expect(await ladder.assign('four-steps')).toMatchObject({ variant: 'one-ask', assigned: false });
      expect((await ladder.assign('another')).visitor).not.toBe('nobody');
      await page.pass(300);
      expect(allEvents(page).filter(({ experiment }) => experiment === 'four-steps')).toEqual([]);
    }
  });

  it.each(['', 'x', 'x.y', '%', 'W10.x', 'é.x'])('survives being %j', async (token) => {
    const page = openPage(built.api, {
      url: `https://shop.example/?stepladder_token=${token}`,
      reply: assignedTo('four-asks'),
    });
    const ladder = page.ladder();
    ladder.step('four-steps', 'answer');
    await page.pass(300);
    expect(page.errors).toEqual([]);
    expect(allEvents(page)).toContainEqual(expect.objectContaining({ step: 'answer' }));
  });
});

describe('assign', () => {
  it('asks once however often it is called', async () => {
    const page = openPage(built.api, { reply: assignedTo('four-asks') });
    const ladder = page.ladder();
    const answers = await Promise.all([ladder.assign('four-steps'), ladder.assign('four-steps')]);
    expect(answers.map(({ variant }) => variant)).toEqual(['four-asks', 'four-asks']);
    expect(page.sent).toHaveLength(1);
  });

  it('asks again after an error, and again for somebody else', async () => {
    const page = openPage(built.api, {
      reply: (sent, number) => (number === 1 ? { status: 500 } : assignedTo('four-asks')(sent)),
    });
    const ladder = page.ladder();
    expect(await ladder.assign('four-steps')).toEqual({ experiment: 'four-steps', assigned: false, reason: 'error' });
    expect(await ladder.assign('four-steps')).toMatchObject({ variant: 'four-asks' });
    ladder.identify('account-7');
    await ladder.assign('another');
    expect(page.sent.map(({ body }) => JSON.parse(body).visitor)).toMatchObject(
      [{}, {}, 'account-7'].map((each) => (typeof each === 'string' ? each : expect.any(String))),
    );
  });

  it('answers in time when the server does not, and remembers what it says later', async () => {
    let answer = (_: object) => {};
    const storage = {};
    const page = openPage(built.api, { storage, reply: () => new Promise((resolve) => (answer = resolve as never)) });
    const ladder = page.ladder({ timeoutMs: 100 });
    const first = ladder.assign('four-steps');
    await page.pass(100);
    expect(await first).toEqual({ experiment: 'four-steps', assigned: false, reason: 'timeout' });
    answer({ status: 200, text: '{"variant":"four-asks","assigned":true,"reason":"split"}' });
    expect(await ladder.assign('four-steps')).toMatchObject({ variant: 'four-asks', reason: 'split' });
    const offline = openPage(built.api, { storage, reply: () => ({ status: 503 }) });
    expect(await offline.ladder().assign('four-steps')).toMatchObject({ variant: 'four-asks', reason: 'error' });
  });

  it('hides what it is told to until then, and no longer than the timeout', async () => {
    const sheetsOf = (page: Page) =>
      (page.globals.document as { adoptedStyleSheets: { text: string }[] }).adoptedStyleSheets.map(({ text }) => text);
    const page = openPage(built.api, { reply: () => new Promise(() => {}) });
    const ladder = page.ladder();
    void ladder.assign('four-steps', { hide: '#hero' });
    await page.pass(799);
    expect(sheetsOf(page)).toEqual(['#hero{visibility:hidden}']);
    await page.pass(1);
    expect(sheetsOf(page)).toEqual(['']);
  });

  it('keeps who joined where they were when the weights change, and counts them in once', async () => {
    const storage = {};
    const first = openPage(built.here, { storage });
    expect(await first.ladder({ packed: [allControl] }).assign('four-steps')).toMatchObject({
      variant: 'one-ask',
      reason: 'split',
      url: '/buy',
    });
    await first.pass(300);
    expect(allEvents(first)).toMatchObject([{ type: 'exposure', experiment: 'four-steps' }]);
    const next = openPage(built.here, { storage });
    expect(await next.ladder({ packed: [allLadder] }).assign('four-steps')).toMatchObject({
      variant: 'one-ask',
      reason: 'sticky',
    });
    await next.pass(300);
    expect(allEvents(next)).toEqual([]);
  });

  it('tells those who return from those who are new, unless the page knows better or nothing may be kept', async () => {
    const form = {
      ...allLadder,
      audience: [{ attribute: 'returning', operator: 'is', values: [true] }],
    } as const;
    const storage: Record<string, string> = {};
    const reasonOn = (options: object, attributes?: { returning: boolean }, kept = storage) =>
      openPage(built.here, { storage: kept })
        .ladder({ packed: [form], ...options })
        .assign('four-steps', { attributes })
        .then(({ reason }) => reason);
    expect(await reasonOn({})).toBe('not-targeted');
    expect(await reasonOn({}, { returning: true }, {})).toBe('split');
    expect(await reasonOn({}, { returning: false })).toBe('not-targeted');
    expect(await reasonOn({})).toBe('split');
    expect(await reasonOn({ consent: false })).toBe('not-targeted');
  });

  it('says with the exposure whether the visitor returned, so that the server freezes what was decided by', async () => {
    const storage = {};
    for (const [visit, returning] of [false, true].entries()) {
      const page = openPage(built.here, { storage });
      await page.ladder({ packed: [{ ...allLadder, id: `exp-${visit}` }] }).assign(`exp-${visit}`);
      await page.pass(300);
      expect(allEvents(page)).toMatchObject([{ type: 'exposure', attributes: { returning } }]);
    }
  });

  it('does not make a preview stick', async () => {
    const storage = {};
    const ladderOn = (packed: typeof allControl) =>
      openPage(built.here, { storage }).ladder({ visitor: 'ada', packed: [packed] });
    const forced = { ...allControl, forced: { ada: 1 } };
    expect(await ladderOn(forced).assign('four-steps')).toMatchObject({ variant: 'four-asks', reason: 'forced' });
    expect(await ladderOn(allControl).assign('four-steps')).toMatchObject({ variant: 'one-ask', reason: 'split' });
    expect(await ladderOn(forced).assign('four-steps')).toMatchObject({ variant: 'four-asks', reason: 'forced' });
  });

  it('serves what a paused experiment serves, whatever was seen', async () => {
    const storage = {};
    await openPage(built.here, { storage })
      .ladder({ packed: [allLadder] })
      .assign('four-steps');
    const { kind: _, ...base } = allLadder;
    const paused = openPage(built.here, { storage }).ladder({ packed: [{ ...base, kind: 'fixed', serve: 0 }] });
    expect(await paused.assign('four-steps')).toMatchObject({
      variant: 'one-ask',
      assigned: false,
      reason: 'not-running',
    });
  });

  it('fetches the packed experiment where it is not in the page', async () => {
    const page = openPage(built.here, { reply: () => ({ status: 200, text: JSON.stringify(allLadder) }) });
    expect(await page.ladder({ key: 'pk' }).assign('four-steps')).toMatchObject({ variant: 'four-asks' });
    expect(page.sent[0]).toMatchObject({ path: '/v1/packed/four-steps', headers: { 'x-api-key': 'pk' } });
  });
});

describe('tell', () => {
  it('sends commitments and replies of the visitor, and never throws', async () => {
    const page = openPage(built.api);
    const ladder = page.ladder({ visitor: 'account-7' });
    ladder.tell('forum', { type: 'commitment', activity: 'post', eventId: 'post-17', value: 5 });
    ladder.tell('forum', { type: 'reply', activity: 'post', to: 'post-17', depth: 2 });
    ladder.tell('forum', undefined as never);
    await page.pass(300);
    const common = { experiment: 'forum', visitor: 'account-7', at: expect.any(Number) };
    // Of one millisecond in no order, which none of them needs.
    expect(allEvents(page).sort((a, b) => `${a.type}`.localeCompare(`${b.type}`))).toEqual([
      { ...common, type: 'commitment', activity: 'post', eventId: 'post-17', value: 5 },
      { ...common, type: 'reply', activity: 'post', to: 'post-17', depth: 2 },
      common,
    ]);
    expect(page.errors).toEqual([]);
  });

  it('says who the visitor is in the experiment that began under another id', async () => {
    const page = openPage(built.api, { reply: assignedTo('four-asks') });
    const ladder = page.ladder();
    const { visitor } = await ladder.assign('four-steps');
    ladder.identify('account-7');
    ladder.tell('four-steps', { type: 'commitment', activity: 'post', eventId: 'post-1' });
    await page.pass(300);
    expect(allEvents(page)).toMatchObject([{ visitor, eventId: 'post-1' }]);
  });
});

describe('identify', () => {
  it('lets an experiment go on under the id it began with, and begins others under the new one', async () => {
    const page = openPage(built.api, { reply: assignedTo('four-asks') });
    const ladder = page.ladder({ visitor: 'anonymous' });
    await ladder.assign('four-steps');
    ladder.identify('account-7');
    ladder.step('four-steps', 'buy');
    ladder.step('another', 'buy');
    await page.pass(300);
    expect(
      allEvents(page)
        .map(({ experiment, visitor }) => [experiment, visitor])
        .sort(),
    ).toEqual([
      ['another', 'account-7'],
      ['four-steps', 'anonymous'],
    ]);
  });

  it('forgets everyone without an id, and sends what waited all the same', async () => {
    const storage = {};
    const page = openPage(built.api, { storage, reply: assignedTo('four-asks') });
    const ladder = page.ladder({ visitor: 'account-7' });
    await ladder.assign('four-steps');
    ladder.step('four-steps', 'buy');
    ladder.identify();
    expect(JSON.stringify(storage)).not.toContain('stepladder.v');
    ladder.step('four-steps', 'answer');
    await page.pass(300);
    const visitors = Object.fromEntries(allEvents(page).map(({ step, visitor }) => [step, visitor]));
    expect(visitors.buy).toBe('account-7');
    expect(visitors.answer).not.toBe('account-7');
  });
});

describe('consent', () => {
  it('off leaves storage alone, and removes what was there', async () => {
    const storage: Record<string, string> = { theirs: 'kept' };
    openPage(built.api, { storage }).ladder().step('four-steps', 'answer');
    expect(stored(storage)).not.toEqual([]);
    const page = openPage(built.api, { storage, reply: assignedTo('four-asks') });
    const ladder = page.ladder({ consent: false });
    await ladder.assign('four-steps');
    ladder.step('four-steps', 'answer');
    expect(storage).toEqual({ theirs: 'kept' });
    await page.pass(300);
    const asked = JSON.parse(page.sent[0]?.body ?? '{}').visitor;
    expect(allEvents(page)).toMatchObject([{ step: 'answer', visitor: asked }]);
  });

  it('given later keeps the visitor of the page, and taken back leaves nothing', async () => {
    const storage: Record<string, string> = {};
    const page = openPage(built.api, { storage });
    const ladder = page.ladder({ consent: false });
    ladder.step('four-steps', 'answer');
    ladder.consent(true);
    expect(stored(storage)).toHaveLength(2);
    ladder.step('four-steps', 'plan');
    ladder.consent(false);
    expect(storage).toEqual({});
    ladder.step('four-steps', 'buy');
    await page.pass(300);
    expect(allEvents(page)).toHaveLength(3);
    expect(new Set(allEvents(page).map(({ visitor }) => visitor)).size).toBe(1);
  });

  it('is taken as refused where the browser sends Global Privacy Control, until the visitor says yes here', () => {
    const storage: Record<string, string> = {};
    const page = openPage(built.api, { storage, globals: { navigator: { globalPrivacyControl: true } } });
    const ladder = page.ladder({ consent: true });
    ladder.step('four-steps', 'answer');
    expect(storage).toEqual({});
    ladder.consent(true);
    expect(stored(storage)).not.toEqual([]);
  });
});

describe('the page it is in', () => {
  const packed = { status: 200, text: JSON.stringify(allLadder) };
  const refuse = () => {
    throw new Error('refused');
  };
  const full = new Proxy({} as Record<string, string>, { set: refuse });
  const hostile: {
    name: string;
    globals?: Record<string, unknown>;
    before?: string;
    options?: unknown;
    url?: string;
  }[] = [
    {
      name: 'blocks storage',
      globals: Object.defineProperty({}, 'localStorage', { get: refuse, enumerable: true, configurable: true }),
    },
    { name: 'has no storage', globals: { localStorage: undefined } },
    { name: 'has null for storage', globals: { localStorage: null } },
    { name: 'has a full storage', globals: { localStorage: full } },
    { name: 'has no fetch', globals: { fetch: undefined } },
    { name: 'has a fetch that throws', globals: { fetch: refuse } },
    { name: 'forbids connections', globals: { fetch: async () => refuse() } },
    { name: 'has a fetch that answers nothing', globals: { fetch: async () => undefined } },
    { name: 'has no beacons', globals: { navigator: {} } },
    { name: 'has beacons that throw', globals: { navigator: { sendBeacon: refuse } } },
    { name: 'has no crypto', globals: { crypto: undefined } },
    { name: 'is not secure, so has half a crypto', globals: { crypto: {} } },
    { name: 'has no style sheets', globals: { CSSStyleSheet: undefined } },
    { name: 'forbids its address to change', globals: { history: { replaceState: refuse } } },
    { name: 'lets nobody listen', globals: { addEventListener: refuse } },
    { name: 'has no address', globals: { location: undefined } },
    {
      name: 'is no page at all',
      globals: {
        document: undefined,
        location: undefined,
        navigator: undefined,
        addEventListener: undefined,
        history: undefined,
        localStorage: undefined,
      },
    },
    { name: 'spoils every object', before: 'Object.prototype.spoilt = function () { throw new Error("spoilt") }' },
    { name: 'spoils JSON', before: 'JSON.stringify = () => { throw new Error("spoilt") }' },
    { name: 'spoils Object.keys', before: 'Object.keys = () => { throw new Error("spoilt") }' },
    { name: 'gives null for options', options: null },
    { name: 'gives a text for options', options: 'consent' },
    {
      name: 'gives options that throw',
      options: {
        get api() {
          return refuse();
        },
      },
    },
  ];

  it.each(hostile)('never sees an exception when it $name', async ({ globals = {}, before = '', options }) => {
    const rejected: unknown[] = [];
    const note = (reason: unknown) => rejected.push(reason);
    process.on('unhandledRejection', note);
    try {
      for (const module of [built.here, built.api]) {
        const reply = (sent: Sent) => (sent.path.includes('packed') ? packed : assignedTo('four-asks')(sent));
        const page = openPage(module, {
          globals,
          before,
          reply,
          url: `https://shop.example/?stepladder_token=${tokenOf()}`,
        });
        const ladder = page.ladder(options as never);
        const answer = ladder.assign('four-steps', { hide: '#hero' });
        await page.pass(800);
        expect((await answer).reason).toBeTypeOf('string');
        expect((await ladder.assign('four-steps', null as never)).experiment).toBe('four-steps');
        ladder.step('four-steps', 'answer');
        ladder.step(undefined as never, null as never, null as never);
        ladder.value('four-steps', 'buy', 10n as never);
        ladder.identify('account-7');
        ladder.identify();
        ladder.consent(true);
        ladder.consent(false);
        await ladder.flush();
        for (const type of ['scroll', 'pointerdown', 'keydown', 'online']) page.happen(type);
        page.document.hidden = true;
        page.happen('visibilitychange');
        await page.pass(60_000);
        expect(page.errors).toEqual([]);
      }
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(rejected).toEqual([]);
  });
});
