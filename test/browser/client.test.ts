import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { assign } from '#shared/assignment/assign.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { issueKey } from '#shared/usecases/api-keys.ts';
import { startExample } from '../../local/pages/example-site.ts';
import { complaintsOf, hostPages, launchBrowser, makeLadder, openSite, type Site, withLadder } from './browser.ts';

let site: Site;
let browser: Browser;
let context: BrowserContext;
/** How browsers sent each batch of events: `cors` for fetch, `no-cors` for a beacon. */
const modes: string[] = [];
beforeAll(async () => {
  [site, browser] = await Promise.all([
    openSite((request, response) => {
      if (request.url === '/v1/events') modes.push(String(request.headers['sec-fetch-mode']));
      return hostPages(request, response);
    }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

let visitors = 0;
/** A visitor nobody knows yet, whom the experiment gives this variant. */
async function newVisitor(variant: string): Promise<string> {
  const live = await site.installation.deps.live('four-steps');
  if (live === undefined) throw new Error('four-steps is not running');
  for (;;) {
    const visitor = `browser-visitor-${visitors++}`;
    if (live.packed.variants[assign(live.packed, visitor, {}, Date.now()).variant]?.id === variant) return visitor;
  }
}

const journeyOf = (visitor: string): Promise<Journey | undefined> =>
  site.installation.deps.journeys.find('four-steps', visitor);

/** The journey, as soon as it has taken all these steps. */
const whenTaken = (visitor: string, ...steps: string[]): Promise<Journey> =>
  vi.waitFor(
    async () => {
      const journey = await journeyOf(visitor);
      expect(Object.keys(journey?.steps ?? {})).toEqual(expect.arrayContaining(steps));
      return journey as Journey;
    },
    { timeout: 20_000, interval: 50 },
  );

/** Comes in by the redirect, with the cookie of this visitor. */
async function enter(page: Page, visitor: string): Promise<void> {
  await context.addCookies([{ name: 'stepladder', value: visitor, url: site.origin, httpOnly: true, secure: true }]);
  await page.goto(`${site.origin}/go/four-steps?gclid=abc`);
}

async function host(path = '/host', options = {}, module?: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.origin + path);
  await makeLadder(page, options, module);
  return page;
}

describe('the example site', () => {
  it('records the journey of someone who climbs all four steps', async () => {
    const visitor = await newVisitor('four-asks');
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const bodies: string[] = [];
    page.on('request', (request) => bodies.push(`${request.url()} ${request.postData() ?? ''}`));
    await enter(page, visitor);
    expect(page.url()).toBe(`${site.origin}/example/question?gclid=abc`);
    await page.getByText('Three times a week').click();
    await page.getByRole('button', { name: 'Show me my plan' }).click();
    await page.getByRole('heading', { name: 'three runs a week' }).waitFor();
    await page.getByRole('button', { name: 'Keep this plan' }).click();
    await page.getByLabel('E-mail address').fill('somebody@example.com');
    await page.getByRole('button', { name: 'Send me my plan' }).click();
    await page.getByRole('button', { name: 'Buy the plan' }).click();
    await page.getByRole('heading', { name: 'You reached the top' }).waitFor();

    const journey = await whenTaken(visitor, 'answer', 'plan', 'e-mail', 'buy');
    expect(journey).toMatchObject({ variant: 'four-asks', source: 'redirect', signals: ['interaction'] });
    expect(journey.arrivedAt).toBeGreaterThanOrEqual(journey.assignedAt ?? Infinity);
    expect(journey.steps.buy?.value?.amount).toBe(2990);
    expect(bodies.join()).not.toContain('somebody');
    expect(complaints).toEqual([]);
  });

  it('shows in its panel what was sent and what the server answered', async () => {
    const page = await context.newPage();
    await enter(page, await newVisitor('four-asks'));
    await page.getByText('Twice a week').click();
    await page.getByRole('button', { name: 'Show me my plan' }).click();
    const panel = page.getByRole('complementary', { name: 'Behind the page' });
    for (const title of ['Arrival', 'Sign of a person', 'Step “answer”', 'Step “plan”'])
      await panel.getByRole('heading', { name: `${title} recorded` }).waitFor({ timeout: 20_000 });
    expect(await panel.locator('.rungs .taken').count()).toBe(2);
  });

  it.each(['light', 'dark'] as const)('has nothing in its %s pages that axe objects to', async (colorScheme) => {
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme });
    await enter(page, await newVisitor('four-asks'));
    await page.getByRole('heading', { name: 'Sign of a person recorded' }).waitFor();
    const found: unknown[] = [];
    for (const name of ['', 'question', 'plan', 'e-mail', 'buy', 'thanks']) {
      await page.goto(`${site.origin}/example/${name}`);
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      found.push(...violations.map(({ id, nodes }) => [name, id, nodes.map(({ html }) => html)]));
    }
    expect(found).toEqual([]);
  });

  it('asks the other half to buy at once', async () => {
    const visitor = await newVisitor('one-ask');
    const page = await context.newPage();
    await enter(page, visitor);
    await page.getByRole('button', { name: 'Buy the plan' }).click();
    expect(await whenTaken(visitor, 'buy')).toMatchObject({ variant: 'one-ask' });
  });

  it('follows the port, and is otherwise left as its owner changed it', async () => {
    const { deps } = site.installation;
    await startExample(deps, site.origin);
    const same = await deps.experiments.find('four-steps');
    await startExample(deps, 'http://localhost:1');
    const moved = await deps.experiments.find('four-steps');
    await startExample(deps, site.origin);
    const back = await deps.experiments.find('four-steps');
    expect([same, moved, back].map((each) => each?.definition.variants[0]?.steps[0]?.url)).toEqual([
      `${site.origin}/example/buy`,
      'http://localhost:1/example/buy',
      `${site.origin}/example/buy`,
    ]);
    expect([same?.revision, moved?.revision, back?.revision]).toEqual([2, 3, 4]);
    expect(back?.sequences).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 600));
  });

  it('takes whoever enters as somebody new for another visitor', async () => {
    const page = await context.newPage();
    const seen = new Set<string>();
    for (let i = 0; i < 2; i++) {
      await page.goto(`${site.origin}/example/`);
      await page.getByRole('link', { name: 'Enter as a new visitor' }).click();
      await page.waitForURL(/question|buy/);
      seen.add(await page.evaluate(() => localStorage['stepladder.visitor.four-steps']));
    }
    expect(seen.size).toBe(2);
  });
});

describe('the client in a browser', () => {
  it('goes on with the same journey after reloads in the middle', async () => {
    const visitor = await newVisitor('four-asks');
    const page = await context.newPage();
    await enter(page, visitor);
    await page.reload();
    await page.getByText('Four times a week').click();
    await page.getByRole('button', { name: 'Show me my plan' }).click();
    await page.waitForURL(/plan/);
    await page.reload();
    await page.reload();
    await page.goto(`${site.origin}/example/buy`);
    await page.getByRole('button', { name: 'Buy the plan' }).click();
    const journey = await whenTaken(visitor, 'answer', 'plan', 'buy');
    expect(Object.keys(journey.steps).sort()).toEqual(['answer', 'buy', 'plan']);
  });

  it('keeps what a dead server did not take, and sends it after a reload', async () => {
    const visitor = await newVisitor('four-asks');
    const page = await host('/host', { visitor });
    let tries = 0;
    await page.route('**/v1/events', (route) => {
      tries += 1;
      return route.abort();
    });
    await withLadder(page, (ladder) => ladder.step('four-steps', 'answer'), {});
    await expect.poll(() => tries).toBeGreaterThan(0);
    expect(await journeyOf(visitor)).toBeUndefined();
    await page.unroute('**/v1/events');
    await page.reload();
    await makeLadder(page);
    await whenTaken(visitor, 'answer');
    await expect
      .poll(() => page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('event'))))
      .toEqual([]);
  });

  it('sends what happened offline once it is online, with the time it happened', async () => {
    const visitor = await newVisitor('four-asks');
    const page = await host('/host', { visitor });
    await withLadder(page, (ladder) => ladder.assign('four-steps'), {});
    await context.setOffline(true);
    const before = Date.now();
    await withLadder(page, (ladder) => ladder.step('four-steps', 'answer'), {});
    const after = Date.now();
    await page.waitForTimeout(1_500);
    expect((await journeyOf(visitor))?.steps).toEqual({});
    await context.setOffline(false);
    const { steps } = await whenTaken(visitor, 'answer');
    expect(steps.answer?.at).toBeGreaterThanOrEqual(before);
    expect(steps.answer?.at).toBeLessThanOrEqual(after);
  });

  it('sends by beacon what a page has not sent when it goes, stored or not', async () => {
    for (const consent of [true, false]) {
      const visitor = await newVisitor('four-asks');
      const page = await host('/host', { visitor, consent });
      modes.length = 0;
      await page.evaluate(`ladder.step('four-steps', 'answer'); location.href = 'about:blank'`);
      await whenTaken(visitor, 'answer');
      expect(modes).toEqual(['no-cors']);
    }
  });

  it('loses nothing of two tabs, of which one is closed while both are offline', async () => {
    const visitor = await newVisitor('four-asks');
    const [one, two] = [await host('/host', { visitor }), await host('/host', { visitor })];
    await context.setOffline(true);
    await withLadder(one, (ladder) => ladder.step('four-steps', 'answer'), {});
    await withLadder(two, (ladder) => ladder.step('four-steps', 'plan'), {});
    await withLadder(one, (ladder) => ladder.step('four-steps', 'e-mail'), {});
    await one.close();
    await context.setOffline(false);
    await whenTaken(visitor, 'answer', 'plan', 'e-mail');
  });

  it('is one visitor in all tabs', async () => {
    const pages = [await host(), await host()];
    const ids = [];
    for (const page of pages)
      ids.push(await withLadder(page, async (ladder) => (await ladder.assign('four-steps')).visitor, {}));
    expect(ids[0]).toBe(ids[1]);
  });

  it('works where storage is blocked', async () => {
    await context.addInitScript(() =>
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        },
      }),
    );
    const visitor = await newVisitor('four-asks');
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${site.origin}/host`);
    await makeLadder(page, { visitor });
    expect(await withLadder(page, (ladder) => ladder.assign('four-steps'), {})).toMatchObject({ variant: 'four-asks' });
    await withLadder(page, (ladder) => ladder.step('four-steps', 'answer'), {});
    await whenTaken(visitor, 'answer');
    expect(complaints).toEqual([]);
  });

  it.each([
    { name: 'consent is off', consent: false, gpc: false },
    { name: 'the browser sends Global Privacy Control', consent: true, gpc: true },
  ])('stores nothing at all when $name, and counts all the same', async ({ consent, gpc }) => {
    if (gpc)
      await context.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
    const page = await host('/host', { consent });
    const { visitor = '' } = await withLadder(page, (ladder) => ladder.assign('four-steps'), {});
    await withLadder(page, (ladder) => ladder.step('four-steps', 'buy'), {});
    await whenTaken(visitor, 'buy');
    const stores = await page.evaluate(async () => [
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      await indexedDB.databases(),
      await caches.keys(),
    ]);
    expect(stores).toEqual([{}, {}, '', [], []]);
    expect(await context.cookies()).toEqual([]);
  });

  it('works from another origin with a publishable key, by fetch and by beacon', async () => {
    const { deps } = site.installation;
    const origins = [`http://127.0.0.1:${site.port}`];
    const { text: key } = await issueKey(
      deps,
      { kind: 'publishable', name: 'the shop', origins, projects: ['main'], requestsPerSecond: 50 } as never,
      'ada',
    );
    const visitor = await newVisitor('four-asks');
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${site.port}/host`);
    await makeLadder(page, { api: site.origin, key, visitor });
    expect(await withLadder(page, (ladder) => ladder.assign('four-steps'), {})).toMatchObject({ variant: 'four-asks' });
    await page.evaluate(`ladder.step('four-steps', 'answer'); ladder.flush()`);
    await whenTaken(visitor, 'answer');
    await page.evaluate(`ladder.step('four-steps', 'plan'); location.href = 'about:blank'`);
    await whenTaken(visitor, 'plan');
  });

  it('decides in the browser as the server does, for every visitor', async () => {
    const page = await host('/host', { consent: false }, 'stepladder.js');
    const ids = [...Array.from({ length: 60 }, (_, i) => `same-${i}`), 'José', '東京', '👩‍👩‍👧‍👦', 'constructor'];
    const here = await withLadder(
      page,
      async (ladder, visitors) => {
        const answers = [];
        for (const visitor of visitors) {
          ladder.identify();
          ladder.identify(visitor);
          const { variant, assigned } = await ladder.assign('four-steps');
          answers.push({ visitor, variant, assigned });
        }
        return answers;
      },
      ids,
    );
    const there = [];
    for (const visitor of ids) {
      const body = JSON.stringify({ experiment: 'four-steps', visitor });
      const { variant, assigned } = await (await fetch(`${site.origin}/v1/assign`, { method: 'POST', body })).json();
      there.push({ visitor, variant, assigned });
    }
    expect(here).toEqual(there);
    expect(new Set(here.map(({ variant }) => variant)).size).toBe(2);
  });

  it('counts in whom it assigned itself, as the server would', async () => {
    const visitor = await newVisitor('four-asks');
    const page = await host('/host', { visitor }, 'stepladder.js');
    await withLadder(page, (ladder) => ladder.assign('four-steps'), {});
    await expect.poll(() => journeyOf(visitor)).toMatchObject({ variant: 'four-asks', assignedAt: expect.any(Number) });
  });

  it('hides what flickers until the variant is known, under a policy that forbids inline styles', async () => {
    const page = await host('/strict');
    const visibility = () => page.evaluate(() => getComputedStyle(document.querySelector('h1') as Element).visibility);
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route('**/v1/assign', async (route) => {
      await held;
      await route.continue();
    });
    await page.evaluate(
      `void (answer = ladder.assign('four-steps', { hide: 'h1' }))`.replace('answer', 'window.answer'),
    );
    expect(await visibility()).toBe('hidden');
    goOn();
    expect(await page.evaluate('window.answer')).toMatchObject({ assigned: true });
    expect(await visibility()).toBe('visible');
  });

  it('shows the page as it is when the server is too slow', async () => {
    const page = await host('/host', { timeoutMs: 200 });
    await page.route('**/v1/assign', () => {});
    const answer = await withLadder(page, (ladder) => ladder.assign('four-steps', { hide: 'h1' }), {});
    expect(answer).toMatchObject({ assigned: false, reason: 'timeout' });
    expect(await page.getByRole('heading').isVisible()).toBe(true);
  });

  it.each([
    { name: 'forbids all connections', path: '/mute', spoil: '' },
    {
      name: 'has broken fetch and beacons',
      path: '/host',
      spoil: 'window.fetch = Navigator.prototype.sendBeacon = () => { throw 1 }',
    },
    {
      name: 'has an old library that gives arrays a toJSON',
      path: '/host',
      spoil: 'Array.prototype.toJSON = () => { throw 1 }',
    },
    { name: 'froze its history', path: '/host', spoil: 'History.prototype.replaceState = () => { throw 1 }' },
    { name: 'adds to every object', path: '/host', spoil: 'Object.prototype.extra = () => { throw 1 }' },
  ])('never shows an exception to a page that $name', async ({ path, spoil }) => {
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${site.origin}${path}?stepladder_token=bm90IG91cnM.x`);
    await page.evaluate(spoil);
    await makeLadder(page, { key: 'none' }, 'stepladder.js');
    const answer = await page.evaluate(`ladder.assign('four-steps', { hide: 'h1' })`);
    expect(answer).toMatchObject({ reason: expect.any(String) });
    await page.evaluate(
      `ladder.step('four-steps', 'answer'); ladder.value('x', 'y', NaN); ladder.identify(); ladder.consent(false); ladder.flush()`,
    );
    await page.mouse.move(10, 10);
    await page.mouse.down();
    await page.waitForTimeout(300);
    await page.goto('about:blank');
    expect(complaints).toEqual([]);
  });

  it('never shows an exception to a page in a sandbox, where even to ask for storage throws', async () => {
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${site.origin}/host`);
    const said = await page.evaluate(
      (source) =>
        new Promise((resolve) => {
          addEventListener('message', ({ data }) => resolve(data));
          const frame = document.createElement('iframe');
          frame.sandbox.add('allow-scripts');
          frame.srcdoc = `<script>onerror = (error) => parent.postMessage(error, '*')</script><script>${source}</script>
            <script>Stepladder.step('four-steps', 'buy');
            Stepladder.assign('four-steps').then(({ reason }) => parent.postMessage(reason, '*'))</script>`;
          document.body.append(frame);
        }),
      await (await fetch(`${site.origin}/example/stepladder-api.tag.js`)).text(),
    );
    expect(said).toBe('error');
    expect(complaints).toEqual([]);
  });
});
