import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminApi } from '#functions/api/admin.ts';
import { Problem } from '#shared/problem/problem.ts';
import { launchBrowser } from '../browser/browser.ts';
import { anExperiment, definitionInput } from '../support/an-experiment.ts';
import { type Dashboard, openDashboard, withHistory } from './a-dashboard.ts';
import { CLIENT_ID, openPool, type PoolUnderTest } from './a-pool.ts';

let pool: PoolUnderTest;
let dashboard: Dashboard;
let browser: Browser;
beforeAll(async () => {
  pool = await openPool();
  dashboard = await openDashboard({
    signIn: { kind: 'cognito', domain: pool.domain, clientId: CLIENT_ID, redirectOrigin: 'https://go.example.com' },
    // As API Gateway would: nobody gets in without a token of the pool.
    handlers: (own, deps) => ({
      ...own,
      admin: adminApi(deps, () => {}, {
        gate: async ({ event }) =>
          pool.good.has(event.headers.authorization?.replace('Bearer ', '') ?? '')
            ? { caller: 'ada', mayUse: () => true, cors: {} }
            : { cors: {}, refusal: new Problem('admin.unsigned', 'sign in first') },
      }),
    }),
  });
  await withHistory(dashboard);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await dashboard?.stop();
  pool?.stop();
});

/** What changes something when it is pressed. */
const CHANGES = /^(New|Edit|Pause|Start|Resume|Conclude|Ship|Rotate|Revoke|Save|Draw|Erase)/;

const withPages = definitionInput().variants.map((variant) => ({
  ...variant,
  steps: variant.steps.map((step) => ({ ...step, url: `https://shop.example/${step.id}` })),
}));

/** A new person, at a place in the dashboard. */
async function arrive(hash: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${dashboard.base}/${hash}`);
  return page;
}
async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'I am Ada' }).click();
}
const kept = (page: Page): Promise<string> => page.evaluate('JSON.stringify([localStorage, sessionStorage])');

describe('signing in with a user pool', () => {
  it('leads to the pool and back to where one wanted to go, and leaves nothing in the address', async () => {
    const page = await arrive('#/experiments/free-trial-screener/history');
    await page.getByRole('heading', { name: 'Sign in to see your experiments' }).waitFor();
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run(document)')) as axe.AxeResults;
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await signIn(page);
    await page.getByText('concluded by ada').waitFor();
    expect(page.url()).toBe(`${dashboard.base}/#/experiments/free-trial-screener/history`);
    expect(await page.locator('.person').textContent()).toContain('ada@example.com');
    // Until the tab is closed, and for no other: nothing is kept for longer.
    expect(await page.evaluate('localStorage.length')).toBe(0);
    await page.reload();
    await page.getByText('concluded by ada').waitFor();
    await page.context().close();
  });

  it('sends visitors and previews to where visitors come in', async () => {
    const { deps } = dashboard.installation;
    const experiment = anExperiment({ id: 'with-pages', variants: withPages });
    await deps.experiments.create(experiment, { revision: 1, at: 0, by: 'ada', action: 'created', experiment });
    const page = await arrive('#/experiments/with-pages');
    await signIn(page);
    expect(await page.getByLabel('The link for visitors').inputValue()).toBe('https://go.example.com/go/with-pages');
    expect(await page.getByRole('link', { name: 'Three asks' }).getAttribute('href')).toBe(
      'https://go.example.com/go/with-pages?stepladder_variant=ladder',
    );
    await page.context().close();
  });

  it('opens a report, which no plain link could', async () => {
    const page = await arrive('#/experiments/free-trial-screener/reports');
    await signIn(page);
    await page.getByRole('link', { name: /2014-11-10/ }).click();
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'As the page that was sent' }).click(),
    ]);
    await tab.getByRole('heading', { name: 'The page of the day' }).waitFor();
    await page.goBack();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Table (CSV)' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('free-trial-screener-report.csv');
    await page.context().close();
  });

  it('renews tokens that are about to end, once for all requests, and asks again when it cannot', async () => {
    pool.expiresIn = 30;
    const page = await arrive('#/');
    await signIn(page);
    // Nothing may be under way any more: a reload would throw away the answer of a renewal, and this pool takes no refresh token twice.
    await page.locator('.experiments .stands .label').first().waitFor();
    await expect.poll(() => page.getByText('reading…').count()).toBe(0);
    const before = pool.asked.filter((path) => path === '/oauth2/token').length;
    pool.expiresIn = 3_600;
    await page.reload();
    await page.locator('.experiments .stands .label').first().waitFor();
    expect(pool.asked.filter((path) => path === '/oauth2/token').length).toBe(before + 1);

    pool.good.clear();
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByRole('heading', { name: 'Sign in to see your experiments' }).waitFor();
    expect(await kept(page)).toBe('[{},{}]');
    await page.context().close();
  });

  it('shows whoever may only read no button that the API would refuse', async () => {
    pool.groups = [];
    const page = await arrive('#/');
    await signIn(page);
    await page.locator('.person').getByText('ada@example.com, read only').waitFor();
    const actions = page.getByRole('main').locator('button, a.button');
    for (const [hash, heading] of [
      ['#/', 'Experiments'],
      ['#/experiments/free-trial-screener', /before the free trial/],
      ['#/keys', 'Keys'],
      ['#/installation', 'Installation'],
    ] as const) {
      await page.goto(`${dashboard.base}/${hash}`);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      expect(await actions.filter({ hasText: CHANGES }).allTextContents(), hash).toEqual([]);
    }
    pool.groups = ['editors'];
    await page.context().close();
  });

  it('signs out here and at the pool', async () => {
    const page = await arrive('#/keys');
    await signIn(page);
    pool.asked.length = 0;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to see your experiments' }).waitFor();
    expect(pool.asked).toContain('/logout');
    await expect.poll(() => pool.asked).toContain('/oauth2/revoke');
    expect(await kept(page)).toBe('[{},{}]');
    await page.context().close();
  });

  it('takes no answer that belongs to no sign-in of this tab', async () => {
    const asked = pool.asked.length;
    const page = await arrive('?code=stolen&state=guessed');
    await page
      .getByRole('alert')
      .getByText(/belongs to no sign-in of this tab/)
      .waitFor();
    expect(page.url()).toBe(`${dashboard.base}/`);
    expect(pool.asked.length).toBe(asked);
    await page.context().close();
  });

  it.each([
    { name: 'that was made for another sign-in', lie: { nonce: 'of-another' } },
    { name: 'that was made for another page', lie: { aud: 'another-client' } },
  ])('takes no id token $name', async ({ lie }) => {
    pool.lie = lie;
    const page = await arrive('#/');
    await signIn(page);
    await page
      .getByRole('alert')
      .getByText(/answered another sign-in/)
      .waitFor();
    expect(await kept(page)).toBe('[{},{}]');
    pool.lie = {};
    await page.context().close();
  });

  it('says so when the person changed their mind', async () => {
    const page = await arrive('#/');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'No' }).click();
    await page
      .getByRole('alert')
      .getByText(/Signing in did not work: access_denied/)
      .waitFor();
    await page.context().close();
  });
});
