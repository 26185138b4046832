import type { AddressInfo } from 'node:net';
import chromium from '@sparticuz/chromium';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import type { Ladder, Options } from '../../client/types.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { examplePages, startExample } from '../../local/pages/example-site.ts';
import { httpServer, type Pages } from '../../local/stand-ins/http-server.ts';

/** Without a screen Chromium calls itself headless, which the platform takes for a crawler. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';

/** One real browser. The same-origin policy stays on, unlike in the flags its package proposes. */
export const launchBrowser = async (): Promise<Browser> =>
  playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-agent=${USER_AGENT}`],
  });

export type Site = {
  readonly installation: Installation;
  readonly port: number;
  readonly origin: string;
  readonly stop: () => Promise<void>;
};

/** The whole platform in memory with the example site, on a port of its own. */
export async function openSite(pages: Pages): Promise<Site> {
  const installation = await openInstallation();
  const server = httpServer(
    installation.handlers,
    (request, response) => pages(request, response) || examplePages(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://localhost:${port}`;
  await startExample(installation.deps, origin);
  return {
    installation,
    port,
    origin,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await installation.stop();
    },
  };
}

/**
 * Pages with nothing on them but a heading: `/host` as any site, `/strict` under a policy that allows no inline style, and
 * `/mute` under one that allows no connection.
 */
export const hostPages: Pages = (request, response) => {
  const [path = ''] = (request.url ?? '').split('?');
  const policies: Record<string, string> = {
    '/host': "default-src * 'unsafe-inline'",
    '/strict': "default-src 'self'; style-src 'none'",
    '/mute': "default-src 'self'; connect-src 'none'",
  };
  const policy = policies[path];
  if (policy === undefined) return false;
  response
    .writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy, 'cache-control': 'no-store' })
    .end('<!doctype html><title>Host</title><link rel="icon" href="data:,"><h1 id="hero">Hello</h1>');
  return true;
};

/** Loads a module of the client into a page and makes `window.ladder` of it. As text, because the test runner rewrites imports. */
export async function makeLadder(page: Page, options: Options = {}, module = 'stepladder-api.js'): Promise<void> {
  await page.evaluate(
    `import('/example/${module}').then(({ stepladder }) => { window.ladder = stepladder(${JSON.stringify(options)}) })`,
  );
}

/** Runs in the page with its ladder. */
export const withLadder = <T, A>(page: Page, work: (ladder: Ladder, given: A) => T, given: A): Promise<Awaited<T>> =>
  page.evaluate(`(${work})(ladder, ${JSON.stringify(given)})`);

/** Everything a page complains of: exceptions, and promises that nobody caught. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
