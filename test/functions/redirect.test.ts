import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { NOON } from '../support/an-experiment.ts';
import { openSite, type Site } from '../support/site.ts';

let site: Site;
const shop = (path: string) => `https://shop.example/${path}`;
const variants = (query = '') => [
  { id: 'one-ask', name: 'One ask', steps: [{ id: 'buy', name: 'Buy', url: shop(`buy${query}`) }] },
  {
    id: 'ladder',
    name: 'Three',
    steps: [
      { id: 'question', name: 'Question', url: shop(`question${query}`) },
      { id: 'buy', name: 'Buy' },
    ],
  },
];
beforeAll(async () => {
  site = await openSite();
  await site.started({ id: 'go', variants: variants() });
});
afterAll(() => site?.stop());
beforeEach(() => {
  site.bugs.length = 0;
});

const go = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  site.ask(method, `/go/${path}`, { headers });
const cookieOf = (headers: Headers) => headers.getSetCookie()[0] ?? '';
/** The location without the token that goes last. */
const locationOf = (headers: Headers) => (headers.get('location') ?? '').replace(/[?&]stepladder_token=[\w.-]+/, '');
const everyone = async (experiment: string) => {
  const all = [];
  for await (const journey of site.deps.journeys.all(experiment)) all.push(journey);
  return all;
};

describe('GET /go/{experiment}', () => {
  it('records the visitor and sends them to the first step of their variant, uncached', async () => {
    const before = (await everyone('go')).length;
    const { status, headers } = await go('go');
    expect([status, headers.get('cache-control')]).toEqual([302, 'private, no-store']);
    const visitor = /^stepladder=([^;]+)/.exec(cookieOf(headers))?.[1] ?? '';
    const journey = await site.deps.journeys.find('go', visitor);
    expect(journey).toMatchObject({ source: 'redirect', assignedAt: NOON, signals: [] });
    expect(locationOf(headers)).toBe(shop(journey?.variant === 'ladder' ? 'question' : 'buy'));
    expect(await everyone('go')).toHaveLength(before + 1);
  });

  it('sets one cookie: first party, for a year, out of reach of scripts', async () => {
    const { headers } = await go('go');
    expect(headers.getSetCookie()).toHaveLength(1);
    expect(cookieOf(headers).split('; ').slice(1).sort()).toEqual([
      'HttpOnly',
      'Max-Age=31536000',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
  });

  it('sends whoever comes back where they were, and counts them once', async () => {
    const first = await go('go');
    const before = (await everyone('go')).length;
    const cookie = cookieOf(first.headers).split(';')[0] ?? '';
    for (let i = 0; i < 3; i++) {
      const again = await go('go', { cookie: `other=1; ${cookie}; last=2` });
      expect(locationOf(again.headers)).toBe(locationOf(first.headers));
      expect(cookieOf(again.headers)).toBe(cookieOf(first.headers));
    }
    expect(await everyone('go')).toHaveLength(before);
  });

  it('takes a cookie that is not one of ours for none', async () => {
    const { status, headers } = await go('go', { cookie: 'stepladder=<script>' });
    expect([status, cookieOf(headers).includes('script')]).toEqual([302, false]);
  });

  it('keeps the query byte for byte, lets the own keys win, and keeps the fragment', async () => {
    await site.started({ id: 'query', variants: variants('?v=2#top') });
    const { headers } = await go('query?tag=1&gclid=A%2fb&flag&v=9&tag=2&empty=');
    expect(locationOf(headers)).toMatch(
      /^https:\/\/shop\.example\/(buy|question)\?v=2&tag=1&gclid=A%2fb&flag&tag=2&empty=#top$/,
    );
  });

  it('lets no query lead anywhere else or add a header', async () => {
    for (const query of [
      'url=https://evil.example',
      '//evil.example',
      'a=%0d%0aSet-Cookie:x=1',
      '@evil.example',
      '#@evil.example',
    ]) {
      const { headers } = await go(`go?${query}`);
      expect(new URL(headers.get('location') ?? '').origin).toBe('https://shop.example');
      expect(headers.getSetCookie()).toHaveLength(1);
    }
  });

  it('matches an audience with the query', async () => {
    await site.started({
      id: 'campaign',
      variants: variants(),
      audience: [{ attribute: 'utm_campaign', operator: 'is', value: 'spring' }],
    });
    await go('campaign?utm_campaign=spring');
    await go('campaign?utm_campaign=winter');
    await go('campaign?__proto__=x&constructor=y');
    expect(await everyone('campaign')).toHaveLength(1);
  });

  it.each<{ name: string; headers?: Record<string, string>; method?: string }>([
    { name: 'a prefetch (Sec-Purpose)', headers: { 'sec-purpose': 'prefetch;prerender' } },
    { name: 'a prefetch (Purpose)', headers: { purpose: 'prefetch' } },
    { name: 'a preview (X-Moz)', headers: { 'x-moz': 'Prefetch' } },
    { name: 'HEAD', method: 'HEAD' },
  ])(
    'assigns nobody for $name, sets nothing and answers with the control',
    async ({ headers = {}, method = 'GET' }) => {
      const before = (await everyone('go')).length;
      const answered = await go('go', headers, method);
      expect([answered.status, locationOf(answered.headers), answered.body]).toEqual([302, shop('buy'), '']);
      expect(answered.headers.getSetCookie()).toEqual([]);
      expect(await everyone('go')).toHaveLength(before);
    },
  );

  it.each([
    { variant: 'ladder', page: 'question' },
    { variant: 'one-ask', page: 'buy' },
    { variant: 'nobody', page: 'buy' },
    { variant: '%0d%0a', page: 'buy' },
  ])('shows $variant to whoever asks for it as a preview, and counts nothing', async ({ variant, page }) => {
    const before = (await everyone('go')).length;
    const { status, headers } = await go(`go?stepladder_variant=${variant}`);
    expect([status, headers.getSetCookie()]).toEqual([302, []]);
    expect(new URL(headers.get('location') ?? '').pathname).toBe(`/${page}`);
    expect(await everyone('go')).toHaveLength(before);
  });

  it('counts a crawler that says so as a machine', async () => {
    await site.started({ id: 'crawled', variants: variants() });
    await go('crawled', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' });
    await go('crawled');
    await site.counted();
    const { json } = await site.ask('GET', '/v1/experiments/crawled/tally');
    const classes = Object.keys(json.cells).map((key) => key.split('#')[4]);
    expect(classes.sort()).toEqual(['human', 'machine']);
    expect(Object.keys(json.cells)[0]).toContain(`#${cohortDay(NOON)}#`);
  });

  it('sends everyone to the control while paused, and to what was shipped after the conclusion', async () => {
    await site.started({ id: 'ends', variants: variants() });
    await site.ask('POST', '/v1/experiments/ends/pause', { body: {} });
    for (let i = 0; i < 4; i++) expect(locationOf((await go('ends')).headers)).toBe(shop('buy'));
    await site.ask('POST', '/v1/experiments/ends/conclude', { body: { ship: 'ladder' } });
    for (let i = 0; i < 4; i++) expect(locationOf((await go('ends')).headers)).toBe(shop('question'));
    expect(await everyone('ends')).toEqual([]);
  });

  it('looks ahead to what was shipped after the conclusion', async () => {
    await site.started({ id: 'shipped', variants: variants() });
    await site.ask('POST', '/v1/experiments/shipped/conclude', { body: { ship: 'ladder' } });
    expect(locationOf((await go('shipped', {}, 'HEAD')).headers)).toBe(shop('question'));
    expect(locationOf((await go('shipped', { 'sec-purpose': 'prefetch' })).headers)).toBe(shop('question'));
  });

  it.each([
    { name: 'a name nobody knows', path: 'nowhere' },
    { name: 'a name longer than any key', path: 'x'.repeat(3_000) },
    { name: 'broken percent-encoding', path: '%zz' },
    { name: 'a name with a line break', path: 'a%0d%0ab' },
  ])('says on a page for people that $name leads nowhere, and reports no bug', async ({ path }) => {
    const { status, headers } = await go(path);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(site.bugs).toEqual([]);
  });

  it('counts nobody for an experiment that has no address to send them to', async () => {
    await site.started({ id: 'no-address' });
    const { status } = await go('no-address');
    expect(status).toBe(404);
    expect(await everyone('no-address')).toEqual([]);
    expect(site.bugs).toEqual([]);
  });

  it('reads one secret, and writes once for a new visitor and once for one who comes back', async () => {
    const sent = async (headers = {}) =>
      (await site.sentDuring(() => go('go', headers)))
        // The stream consumer runs beside, on the same client, and commits when it likes.
        .filter((name) => !['GetItem', 'Query', 'TransactWriteItems'].includes(name));
    expect(await sent()).toEqual(['UpdateItem']);
    const cookie = cookieOf((await go('go')).headers).split(';')[0] ?? '';
    expect(await sent({ cookie })).toEqual(['UpdateItem']);
    expect(site.commands).not.toContain('Scan');
  });
});
