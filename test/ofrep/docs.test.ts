import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueKey } from '#shared/usecases/api-keys.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { httpServer } from '../../local/stand-ins/http-server.ts';
import { launchBrowser } from '../browser/browser.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let folder: string;
let installation: Installation;
let api: Server;
let base: string;
/** What the samples of curl.md said. */
let first: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stepladder-docs-'));
  installation = await openInstallation(folder);
  api = httpServer(installation.handlers);
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  base = `http://localhost:${(api.address() as AddressInfo).port}`;
  // What every other page builds on.
  first = await shell('curl');
}, 120_000);
afterAll(async () => {
  api?.closeAllConnections();
  api?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The fenced samples of a page in one language, as a newcomer would paste them, but for the address of `npm start`. */
function samples(page: string, language: string): string {
  const text = readFileSync(join(ROOT, 'docs', `${page}.md`), 'utf8');
  return [...text.matchAll(/```(\w*)\n([\s\S]*?)```/g)]
    .flatMap(([, named, sample]) => (named === language ? [sample] : []))
    .join('\n')
    .replaceAll('http://localhost:3000', base);
}

async function shell(page: string): Promise<string> {
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', samples(page, 'bash')], {
    cwd: ROOT,
    env: { ...process.env, STEPLADDER_URL: base, STEPLADDER_DATA: folder },
    timeout: 90_000,
  });
  return stdout;
}

describe('the samples in docs/', () => {
  it('of curl.md work, from the experiment to the keys', () => {
    for (const part of [
      'first is running',
      '"recorded"',
      '"duplicate"',
      '"step-unknown"',
      'billing: main',
      'shop: main https://shop.example',
    ])
      expect(first).toContain(part);
  });

  it('of api.md work, and its refusal is the one that comes', async () => {
    const output = await shell('api');
    expect(output).toContain('"revokedAt"');
    expect(output.match(/"outcome":"[\w-]+"/g)).toEqual(['"outcome":"taken-over"', '"outcome":"known"']);
    expect(output).toContain('{"answers":[{"eventId":"post-17","status":"recorded"},{"status":"recorded"}]}');
    const shown = JSON.parse(samples('api', 'json'));
    expect(JSON.parse(output.slice(output.lastIndexOf('{"type"')))).toEqual(shown);
  }, 90_000);

  it('of from-evidently.md work', async () => {
    const output = await shell('from-evidently');
    expect(output).toContain('"exposed":true');
    expect(output).toContain('"status":"recorded"');
  }, 90_000);

  it('of node-server.md work', async () => {
    const scripts = join(ROOT, '.data', 'docs');
    mkdirSync(scripts, { recursive: true });
    const file = join(scripts, `node-server-${process.pid}.mjs`);
    writeFileSync(file, samples('node-server', 'js'));
    const wishes = { kind: 'secret', name: 'docs', projects: ['main'], origins: [], requestsPerSecond: 100 } as const;
    const { text } = await issueKey(installation.deps, wishes, 'a test');
    try {
      const { stdout } = await run('node', [file], { env: { ...process.env, STEPLADDER_SITE_KEY: text } });
      expect(stdout).toMatch(
        /visitor-17 gets (one-ask|two-asks)\nasks: .*buy\n\{"answers":\[\{"status":"recorded"\}\]\}/,
      );
    } finally {
      rmSync(file);
    }
  }, 60_000);

  it('of openfeature.md work in a browser', async () => {
    const { outputFiles } = buildSync({
      stdin: { contents: samples('openfeature', 'js').replace('sl_pub_…', installation.keys.site), resolveDir: ROOT },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
    });
    const pages = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(
        isScript ? outputFiles[0]?.text : '<!doctype html><body><script type="module" src="/page.js"></script>',
      );
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${(pages.address() as AddressInfo).port}/`);
      await expect.poll(() => installation.deps.journeys.find('first', 'visitor-18')).toBeDefined();
      expect(await page.locator('body').getAttribute('data-variant')).toMatch(/one-ask|two-asks/);
    } finally {
      await browser.close();
      pages.closeAllConnections();
      pages.close();
    }
  }, 60_000);
});
