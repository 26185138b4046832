import { mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../browser/browser.ts';
import { type Look, openDashboard, visit, withHistory } from './a-dashboard.ts';

const FOLDER = fileURLToPath(new URL('../../docs/dashboard/', import.meta.url));

type Shot = Look & { readonly name: string; readonly hash: string; readonly after?: (page: Page) => Promise<void> };

const SHOTS: readonly Shot[] = [
  { name: 'live', hash: '#/experiments/email-campaign', height: 1180 },
  {
    name: 'editor',
    hash: '#/new',
    height: 980,
    colorScheme: 'dark',
    after: async (page) => {
      await page.getByRole('button', { name: /Ad funnel/ }).click();
      await page.evaluate('document.querySelector(".section-head").scrollIntoView()');
    },
  },
  { name: 'reports', hash: '#/experiments/free-trial-screener/reports', height: 820 },
  { name: 'phone', hash: '#/experiments/free-trial-screener', width: 390, height: 844, colorScheme: 'dark' },
];

/** The pictures of `docs/dashboard.md`, of the two recorded experiments: `npx tsx test/dashboard/screenshots.ts` makes them again. */
async function takeScreenshots(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const dashboard = await openDashboard();
  await withHistory(dashboard);
  const browser = await launchBrowser();
  for (const { name, hash, after, ...look } of SHOTS) {
    const page = await visit(browser, dashboard, look);
    await page.goto(`${dashboard.base}/${hash}`);
    await page.waitForLoadState('networkidle');
    await after?.(page);
    await page.screenshot({ path: `${FOLDER}${name}.png` });
    await page.context().close();
  }
  await browser.close();
  await dashboard.stop();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await takeScreenshots();
