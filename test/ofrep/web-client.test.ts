import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSync } from 'esbuild';
import type { Browser, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveExperiment } from '#shared/usecases/define-experiment.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { httpServer } from '../../local/stand-ins/http-server.ts';
import { launchBrowser } from '../browser/browser.ts';
import { anExperiment } from '../support/an-experiment.ts';

/**
 * A real browser, on a page of another origin than the API's: what a site has. The API is what `npm start` starts, with the key it prints.
 */
let installation: Installation;
let api: Server;
let pages: Server;
let browser: Browser;
let page: Page;
let evaluations: Response[] = [];

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
let base: string;

beforeAll(async () => {
  installation = await openInstallation();
  for (const experiment of [
    anExperiment({ id: 'shop' }),
    anExperiment({ id: 'country', audience: [{ attribute: 'country', operator: 'is', value: 'DE' }] }),
    anExperiment({ id: 'paused', status: 'paused' }),
  ])
    await installation.deps.experiments.create(experiment, {
      revision: experiment.revision,
      at: 0,
      by: 'a test',
      action: 'created',
      experiment,
    });
  api = httpServer(installation.handlers);
  await listening(api);
  base = `http://localhost:${portOf(api)}`;
  const { outputFiles } = buildSync({
    entryPoints: [new URL('page.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'warning',
  });
  const script = outputFiles[0]?.text;
  pages = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>A shop</title><script src="/page.js"></script>');
  });
  await listening(pages);
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('response', (response) => {
    if (response.url().includes('/ofrep/') && response.request().method() === 'POST') evaluations.push(response);
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  for (const server of [api, pages]) {
    server?.closeAllConnections();
    server?.close();
  }
  await installation?.stop();
});

type Details = {
  value: unknown;
  variant?: string;
  reason: string;
  errorCode?: string;
  flagMetadata: Record<string, string>;
};
const run = <T>(expression: string) => page.evaluate(expression) as Promise<T>;

async function open(host: string, key: string, visitor: string): Promise<void> {
  await page.goto(`http://${host}:${portOf(pages)}/`);
  await page.evaluate('localStorage.clear()');
  evaluations = [];
  await run(`start(${JSON.stringify(base)}, ${JSON.stringify(key)}, ${JSON.stringify(visitor)})`);
}

/** Changes the context and waits for the request that follows. The client shows what it had until the answer is there. */
async function change(context: Record<string, string>): Promise<Response> {
  const answered = page.waitForResponse((each) => each.url().includes('/ofrep/') && each.request().method() === 'POST');
  await run(`context(${JSON.stringify(context)})`);
  return answered;
}
const string = (flag: string) => run<Details>(`string(${JSON.stringify(flag)})`);

describe('@openfeature/web-sdk with @openfeature/ofrep-web-provider, in Chromium', () => {
  it('gets all flags at once from another origin, with the key that npm start prints', async () => {
    await open('localhost', installation.keys.site, 'ada');
    expect(await run<Details>('string("shop")')).toMatchObject({
      value: expect.stringMatching(/^(one-ask|ladder)$/),
      reason: 'SPLIT',
      flagMetadata: { experiment: 'shop', exposed: false, exposureToken: expect.any(String) },
    });
    expect(await run<Details>('string("country")')).toMatchObject({ value: 'one-ask', reason: 'UNKNOWN' });
    expect(await run<Details>('string("paused")')).toMatchObject({ value: 'mine', reason: 'DISABLED' });
    expect(await run<Details>('object("shop.sequence")')).toMatchObject({
      value: { variant: expect.any(String), steps: expect.arrayContaining([expect.objectContaining({ id: 'buy' })]) },
    });
    expect(evaluations.map((each) => each.status())).toEqual([200]);
  });

  it('hears of a result that an attribute changed, and of none that stayed, by the tag', async () => {
    await open('localhost', installation.keys.site, 'grace');
    const same = await change({ targetingKey: 'grace', country: 'AT' });
    expect(await same.request().headerValue('if-none-match')).toMatch(/^"[\w-]+"$/);
    expect(same.status()).toBe(304);
    const other = await change({ targetingKey: 'grace', country: 'DE' });
    expect(await other.request().headerValue('if-none-match')).toMatch(/^"[\w-]+"$/);
    expect(other.status()).toBe(200);
    await expect.poll(() => string('country')).toMatchObject({ reason: 'SPLIT' });
    await change({ targetingKey: 'grace', country: 'FR' });
    await expect.poll(() => string('country')).toMatchObject({ reason: 'UNKNOWN', value: 'one-ask' });
  });

  it('gives another visitor their own flags', async () => {
    await open('localhost', installation.keys.site, 'one');
    const seen = new Set<unknown>();
    for (let i = 0; i < 12; i++) {
      await run(`context({ targetingKey: "visitor-${i}" })`);
      seen.add((await run<Details>('string("shop")')).value);
    }
    expect([...seen].sort()).toEqual(['ladder', 'one-ask']);
  });

  it('counts the visitor in with the token alone', async () => {
    await open('localhost', installation.keys.site, 'mary');
    const { flagMetadata, variant } = await run<Details>('string("shop")');
    expect(await installation.deps.journeys.find('shop', 'mary')).toBeUndefined();
    const token = JSON.stringify(flagMetadata.exposureToken);
    expect(await run(`expose(${JSON.stringify(base)}, ${JSON.stringify(installation.keys.site)}, ${token})`)).toEqual({
      answers: [{ status: 'recorded' }],
    });
    expect(await installation.deps.journeys.find('shop', 'mary')).toMatchObject({ variant });
  });

  it('gets nothing with the key of another origin, and its own defaults stay', async () => {
    await expect(open('127.0.0.1', installation.keys.site, 'eve')).rejects.toThrow();
    expect(await run<Details>('string("shop")')).toMatchObject({ value: 'mine' });
  });

  it('stops serving a paused experiment at its next look', async () => {
    await open('localhost', installation.keys.site, 'late');
    await moveExperiment(installation.deps, 'shop', 'paused', 'a test');
    await new Promise((resolve) => setTimeout(resolve, 600));
    await change({ targetingKey: 'late', looked: 'again' });
    await expect.poll(() => string('shop')).toMatchObject({ value: 'mine', reason: 'DISABLED' });
  });
});
