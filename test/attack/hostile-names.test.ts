import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportCsv } from '#shared/report/csv.ts';
import { reportHtml } from '#shared/report/html.ts';
import { reportMail, slackMessage } from '#shared/report/mail.ts';
import type { Report } from '#shared/report/report.ts';
import { buildDashboard } from '../../dashboard/build.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { dashboardPages, firstOf } from '../../local/pages/dashboard.ts';
import { mailboxChannels, mailboxPages } from '../../local/pages/mailbox.ts';
import { httpServer } from '../../local/stand-ins/http-server.ts';
import { launchBrowser } from '../browser/browser.ts';
import { aReport } from '../report/a-report.ts';
import { aDefinition, anExperiment, type DefinitionInput, definitionInput, NOON } from '../support/an-experiment.ts';

const LEAK = 'http://leak.example/';
/** What somebody who may write a definition would call things, to reach whoever reads of them. */
const NAMES = [
  '<script>pwned=1</script>',
  '"><img src=x onerror=pwned=1>',
  `'><svg/onload=pwned=1>`,
  '</title></style></textarea><script>pwned=1</script>',
  '</text></svg><img src=x onerror=pwned=1>',
  `<iframe srcdoc="<script>parent.pwned=1</script>">`,
  `<meta http-equiv=refresh content="0;url=${LEAK}">`,
  `<link rel=stylesheet href=${LEAK}><base href=${LEAK}>`,
  `<img src=${LEAK}><video poster=${LEAK}>`,
  `" style="background:url(${LEAK})" x="`,
  '" autofocus onfocus=pwned=1 x="',
  '<a href="javascript:pwned=1">click</a>',
  'javascript:pwned=1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a template somewhere might take it
  '{{constructor.constructor("pwned=1")()}}${pwned=1}',
  '--><![CDATA[<script>pwned=1</script>]]>',
  '&lt;script&gt;pwned=1&lt;/script&gt;&#60;img src=x onerror=pwned=1&#62;',
] as const;

/** A definition that has a hostile name in every place for one, beginning with the nth. */
function hostile(n: number): DefinitionInput {
  let next = n;
  const name = () => NAMES[next++ % NAMES.length] ?? '';
  const { variants, ...rest } = definitionInput({ id: `hostile-${n}` });
  return {
    ...rest,
    name: name(),
    hypothesis: NAMES.join(' '),
    segments: [{ attribute: name().slice(0, 64), values: [name().slice(0, 64), name().slice(0, 64)] }],
    variants: variants.map((variant) => ({
      ...variant,
      name: name(),
      steps: variant.steps.map((step) => ({ ...step, name: name() })),
    })),
  };
}

const reports: readonly Report[] = [0, 5, 11].map((n) =>
  aReport({
    experiment: anExperiment(hostile(n)),
    daily: { 'one-ask': [900, 100], ladder: [400, 300, 150, 150] },
    takes: [5e3, 6e4],
  }),
);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

type Seen = { readonly requests: string[]; readonly complaints: string[] };

/** A page in a browser of its own, with everything it asks for and complains of. */
async function watched() {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const seen: Seen = { requests: [], complaints: [] };
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('dialog', (dialog) => seen.complaints.push(dialog.message()));
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
  page.on('console', (message) => {
    // A policy that had to step in says so here: then something had got through to it.
    if (message.type() === 'error' && !message.text().includes('status of 4')) seen.complaints.push(message.text());
  });
  const pwned = () => page.evaluate<unknown>('globalThis.pwned');
  return { page, seen, pwned, close: () => context.close() };
}

describe('hostile names', () => {
  it.each([
    // Without its own policy: what is written must be harmless by itself.
    {
      what: 'the report',
      pages: () => reports.map((report) => reportHtml(report).replace(/<meta http-equiv="Content-Security[^>]*>/, '')),
    },
    { what: 'the mail', pages: () => reports.map((report) => reportMail(report).html) },
  ])('run nothing and ask for nothing in $what', async ({ pages }) => {
    const { page, seen, pwned, close } = await watched();
    for (const html of pages()) {
      expect(html).toContain('pwned');
      await page.setContent(html, { waitUntil: 'load' });
      expect(await page.locator('script, iframe, base, link, img, video, [onload], [onerror], [onfocus]').count()).toBe(
        0,
      );
      expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    }
    expect([await pwned(), seen.requests, seen.complaints]).toEqual([undefined, [], []]);
    await close();
  });

  it('make no channel of a Slack message, no link in it, and no structure but ours', () => {
    for (const report of reports) {
      const message = slackMessage(report);
      const mrkdwn = message.blocks.flatMap((block) => {
        const { text } = block as { readonly text: { readonly type: string; readonly text: string } };
        return text.type === 'mrkdwn' ? [text.text] : [];
      });
      for (const text of [...mrkdwn, message.text]) expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
    }
  });

  it.each([
    ['an escape of a terminal', '\u001b[2J'],
    ['the same in one byte', '\u009b31m'],
    ['a bell', '\u0007'],
    ['a return', '\r'],
    ['a new line', '\n'],
    ['a new line of Unicode', '\u2028'],
    ['a zero byte', '\u0000'],
    ['a mark that turns the writing', '\u202e'],
    ['a mark that sets it apart', '\u2066'],
  ])('are refused wherever a name is read, with %s', (_, control) => {
    const name = `Three${control}asks`;
    const [first, ...others] = definitionInput().variants;
    if (first === undefined) throw new Error('there is no variant');
    const places: Partial<DefinitionInput>[] = [
      { name },
      { variants: [{ ...first, name }, ...others] },
      { variants: [{ ...first, steps: first.steps.map((step) => ({ ...step, name })) }, ...others] },
      { segments: [{ attribute: name, values: ['a'] }] },
      { segments: [{ attribute: 'a', values: [name] }] },
      ...(/[\r\n\u2028]/.test(control) ? [] : [{ hypothesis: name }]),
    ];
    for (const place of places) expect(() => aDefinition(place), Object.keys(place)[0]).toThrow(/control a terminal/);
  });

  it('keep emoji, accents and scripts of either direction', () => {
    for (const name of ['Drei Fragen – für alle', '三つの質問', 'שלוש שאלות', '👩‍👩‍👧 family', 'É'])
      expect(aDefinition({ name }).name).toBe(name);
  });

  it('begin no formula in a table, whatever they begin with', () => {
    const start = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠', '"=', ' =', '');
    fc.assert(
      fc.property(start, fc.string({ maxLength: 20 }), (first, rest) => {
        const [report] = reports;
        if (report === undefined) return;
        const name = first + rest;
        const table = reportCsv({ ...report, variants: report.variants.map((variant) => ({ ...variant, name })) });
        for (const field of fieldsOf(table))
          if (!/^-?[\d.]+(e-?\d+)?$/.test(field)) expect(field).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      }),
      { numRuns: 200 },
    );
  });
});

/** The fields of an RFC 4180 table. */
const fieldsOf = (table: string): string[] =>
  [...table.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );

describe('hostile names on one machine', () => {
  let installation: Installation;
  let server: ReturnType<typeof httpServer>;
  let base: string;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    buildDashboard(join(folder, 'dashboard'));
    installation = await openInstallation();
    server = httpServer(
      installation.handlers,
      firstOf(mailboxPages(join(folder, 'mailbox')), dashboardPages(join(folder, 'dashboard'))),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://localhost:${(server.address() as AddressInfo).port}`;
    const { mailer, webhook } = mailboxChannels(join(folder, 'mailbox'), () => NOON);
    for (const report of reports) {
      const mail = reportMail(report);
      await mailer({ ...mail, to: ['ada@example.com'], attachment: { filename: 'a.html', html: reportHtml(report) } });
      await webhook({ url: 'https://hooks.example/', body: JSON.stringify(slackMessage(report)), secret: 's' });
    }
    for (const n of [0, 6])
      await fetch(`${base}/v1/experiments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${installation.keys.admin}` },
        body: JSON.stringify(hostile(n)),
      });
    await fetch(`${base}/v1/experiments/hostile-6/start`, {
      method: 'POST',
      headers: { authorization: `Bearer ${installation.keys.admin}` },
      body: '{}',
    });
  });
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await installation?.stop();
  });

  it('run nothing and ask for nothing on the dashboard, in the editor and in the mailbox', async () => {
    const { page, seen, pwned, close } = await watched();
    await page.goto(`${base}/#key=${installation.keys.admin}`);
    await page.getByText('pwned').first().waitFor();
    for (const [path, place] of [
      ['hostile-0', 'h1'],
      ['hostile-6', 'h1'],
      ['hostile-0/edit', '.step-name textarea'],
    ] as const) {
      await page.goto(`${base}/#/experiments/${path}`);
      const shown = page.locator(place).first();
      await expect
        .poll(() => shown.evaluate((each) => each.textContent || (each as { value?: string }).value))
        .toMatch(/pwned|leak/);
      expect(await page.locator('iframe, base, [onload], [onerror], [onfocus], a[href^="javascript:"]').count()).toBe(
        0,
      );
    }
    await page.goto(`${base}/mailbox`);
    const letters = await page
      .locator('a[href^="/mailbox/"]')
      .evaluateAll((links) => links.map((each) => each.getAttribute('href') ?? ''));
    expect(letters.length).toBeGreaterThan(reports.length);
    for (const letter of letters) await page.goto(base + letter);
    await page.goto(`${base}/v1/experiments/hostile-6`);
    expect(await pwned()).toBeUndefined();
    expect(seen.requests.filter((url) => !url.startsWith(base) && !url.startsWith('data:'))).toEqual([]);
    expect(seen.complaints).toEqual([]);
    await close();
  });

  it('are shown to no page of another name that was pointed here', async () => {
    for (const path of ['/', '/mailbox']) expect(await statusAs('rebound.example', path)).toBe(404);
    expect(await statusAs('rebound.example', '/v1/experiments')).toBe(401);
    expect(await statusAs('localhost', '/mailbox')).toBe(200);
  });

  it('are asked for with a path that is no path, and that is answered', async () => {
    for (const path of ['/%', '/mailbox/%ff', '/%c0%ae%c0%ae/']) expect(await statusAs('localhost', path)).toBe(404);
  });

  async function statusAs(host: string, path: string): Promise<number | undefined> {
    const { request } = await import('node:http');
    return new Promise((resolve, reject) => {
      request(base + path, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
  }
});
