import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeReport } from '#shared/report/compose.ts';
import { reportHtml } from '#shared/report/html.ts';
import { buildDashboard } from '../../dashboard/build.ts';
import { dashboardPages, firstOf } from '../../local/dashboard.ts';
import { FREE_TRIAL_END, freeTrialExperiment, freeTrialTally } from '../../local/free-trial-tally.ts';
import { httpServer } from '../../local/http-server.ts';
import { type Installation, openInstallation } from '../../local/installation.ts';
import { launchBrowser } from '../browser/browser.ts';
import { aReport, clearWinner } from '../report/a-report.ts';

let installation: Installation;
let browser: Browser;
let server: ReturnType<typeof httpServer>;
let base: string;
const problems: string[] = [];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  buildDashboard(folder);
  installation = await openInstallation();
  server = httpServer(installation.handlers, firstOf(dashboardPages(folder)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://localhost:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await installation?.stop();
});

type Look = { width?: number; colorScheme?: 'light' | 'dark'; key?: boolean };

async function open(hash = '#/', { width = 1200, colorScheme = 'light', key = true }: Look = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    // A refusal is an answer, and browsers log every one; anything else is a mistake of ours.
    if (message.type() === 'error' && !message.text().includes('status of 4')) problems.push(message.text());
  });
  if (key) {
    await page.goto(`${base}/#key=${installation.keys.admin}`);
    await page.getByRole('heading', { name: 'Experiments' }).waitFor();
  }
  await page.goto(`${base}/${hash}`);
  return page;
}

/** Serious and critical findings of axe, as sentences. */
async function findings(page: Page): Promise<string[]> {
  // Runs beside the page's own policy, as an extension would.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
}

async function visitors(experiment: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const visitor = `visitor-${Math.random().toString(36).slice(2)}`;
    const post = (path: string, body: unknown) =>
      fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0' },
        body: JSON.stringify(body),
      });
    const { steps } = (await (await post('/v1/assign', { experiment, visitor })).json()) as { steps: { id: string }[] };
    await post('/v1/events', { events: [{ experiment, visitor, step: steps[0]?.id }] });
  }
}

const assigned = async (page: Page): Promise<number> => {
  const counts = await page.locator('[data-visitors]').allTextContents();
  return counts.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0);
};

describe('the dashboard', () => {
  it('takes an experiment from a template to its conclusion, with live counts on the way', async () => {
    const page = await open();
    await page.getByText('Nothing is being tried yet').waitFor();
    await page.getByRole('link', { name: 'New experiment' }).first().click();
    await page.getByRole('button', { name: /Ad funnel/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Shall we ask first?');

    const ladder = page.getByRole('region', { name: 'Variant Climb the ladder' });
    const names = () =>
      ladder
        .locator('.step-name input')
        .evaluateAll((inputs) => inputs.map((each) => (each as unknown as { value: string }).value));
    await ladder.getByRole('button', { name: /^Move Leave an e-mail, now step 3/ }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(names).toEqual(['Answer a question', 'Leave an e-mail', 'See your plan', 'Buy']);
    // The focus went along, so the next key moves the same step; and nothing passes the goal.
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(names).toEqual(['Answer a question', 'See your plan', 'Leave an e-mail', 'Buy']);
    await page.getByText(/33,355 visitors per variant/).waitFor();

    await page.getByRole('button', { name: 'Create as a draft' }).click();
    await page.getByRole('heading', { name: 'Shall we ask first?' }).waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.getByText('live', { exact: true }).waitFor();

    await visitors('ad-funnel', 6);
    await expect.poll(() => assigned(page), { timeout: 10_000 }).toBe(6);
    await visitors('ad-funnel', 4);
    await expect.poll(() => assigned(page), { timeout: 10_000 }).toBe(10);

    await page.getByRole('button', { name: 'Conclude' }).click();
    expect(await page.getByRole('radio', { name: /Buy at once/ }).isChecked()).toBe(true);
    await page.getByRole('dialog').getByRole('button', { name: 'Conclude' }).click();
    await page
      .locator('.meta')
      .getByText(/everyone gets/)
      .waitFor();
    await expect
      .poll(() => page.locator('.history li b').allTextContents())
      .toEqual(['concluded', 'started', 'created']);
    await page.context().close();
  });

  it('puts what the API refuses beside its field, in the words of the API', async () => {
    const page = await open('#/new');
    await page.getByRole('button', { name: /Community/ }).click();
    await page.getByLabel('Id', { exact: true }).fill('Not An Id');
    await page.getByLabel('Leads to').first().fill('javascript:alert(1)');
    await page.getByRole('button', { name: 'Create as a draft' }).click();
    const field = page.locator('[data-path="id"]');
    await field.getByText(/has lower-case letters, digits and inner hyphens/).waitFor();
    expect(await field.locator('input').getAttribute('aria-invalid')).toBe('true');
    await page
      .locator('[data-path="variants.0.steps.0.url"]')
      .getByText(/needs an absolute http or https address/)
      .waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.closest(".refused") !== null')).toBe(true);
    await page.context().close();
  });

  it('asks for the key when it needs one, and goes on with it', async () => {
    const page = await open('#/new', { key: false });
    await page.getByRole('button', { name: /Relationship/ }).click();
    await page.getByRole('button', { name: 'Create as a draft' }).click();
    const dialog = page.getByRole('dialog', { name: 'Which key?' });
    await dialog.getByLabel('Key').fill(installation.keys.admin);
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await page.getByRole('button', { name: 'Create as a draft' }).click();
    await page.getByRole('heading', { name: 'A year at once, or week by week?' }).waitFor();
    await page.context().close();
  });

  it('says so when an experiment is not there, and offers to try again', async () => {
    const page = await open('#/experiments/nothing-here');
    await page.getByText(/no experiment is called nothing-here/i).waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
    await page.context().close();
  });

  it.each([
    { width: 1200, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ] as const)('can be used by everyone, $width wide and $colorScheme', async (look) => {
    const page = await open('#/', look);
    await page.locator('.experiments li').first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.goto(`${base}/#/experiments/ad-funnel`);
    await page.locator('.history li').first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.goto(`${base}/#/new`);
    await page.getByRole('button', { name: /E-mail sequence/ }).click();
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.context().close();
  });

  it('runs without an error of its own', () => {
    expect(problems).toEqual([]);
  });
});

describe('reportHtml', () => {
  const trial = freeTrialExperiment();
  it.each([
    {
      name: 'the free trial',
      report: () => composeReport(trial, freeTrialTally(trial), 0, FREE_TRIAL_END),
      colorScheme: 'light',
    },
    {
      name: 'a winner with times',
      report: () => aReport({ daily: clearWinner, takes: [5e3, 6e4, 9e5] }),
      colorScheme: 'dark',
    },
  ] as const)('can be read by everyone: $name, $colorScheme', async ({ report, colorScheme }) => {
    const context = await browser.newContext({ viewport: { width: 390, height: 900 }, colorScheme });
    const page = await context.newPage();
    await page.setContent(reportHtml(report()));
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await context.close();
  });
});
