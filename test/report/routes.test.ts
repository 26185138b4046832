import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scheduledReports } from '#functions/schedule/report.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { at } from '../../local/installation/replay-clock.ts';
import { mailboxChannels } from '../../local/pages/mailbox.ts';
import { aDefinition, aJourney, anExperiment, DAY, NOON } from '../support/an-experiment.ts';

let installation: Installation;
const END = NOON + 30 * DAY;

beforeAll(async () => {
  installation = await openInstallation();
  const { experiments, journeys } = installation.deps;
  const reporting = { email: ['ada@example.com'], webhook: 'https://hooks.example.com/x', every: 'day' as const };
  const experiment = anExperiment({
    reporting,
    policy: { minimumGoals: 1, minimumDays: 1, wholeWeeks: false },
    at: NOON,
  });
  await experiments.create(experiment, { revision: 1, at: NOON, by: 'test', action: 'created', experiment });
  await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      journeys.record(
        aJourney({
          visitor: `visitor-${i}`,
          variant: i % 2 ? 'ladder' : 'one-ask',
          steps: i % 4 < 2 ? { buy: { at: NOON + 60_000 * (i + 1) } } : {},
        }),
      ),
    ),
  );
}, 30_000);
afterAll(() => installation.stop());

const get = (path: string) =>
  at(END, () =>
    installation.handlers.admin(
      {
        version: '2.0',
        rawPath: path,
        rawQueryString: '',
        headers: { host: 'localhost' },
        requestContext: { http: { method: 'GET', path, sourceIp: '127.0.0.1' } },
        isBase64Encoded: false,
      } as unknown as APIGatewayProxyEventV2,
      {} as Context,
    ),
  );

describe('adminApi', () => {
  it('shows the report as a page that may load and run nothing', async () => {
    const { statusCode, headers, body } = await get('/v1/experiments/checkout/report.html');
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' });
    expect(headers?.['content-security-policy']).toContain("default-src 'none'");
    expect(body).toContain('<h1>');
  });

  it('gives the report and the ladders as files to keep', async () => {
    const report = await get('/v1/experiments/checkout/report.csv');
    expect(report.headers?.['content-disposition']).toBe('attachment; filename="checkout-report.csv"');
    expect(report.body?.split('\r\n')).toHaveLength(1 + 4 + 1);
    const ladders = await get('/v1/experiments/checkout/ladders.csv');
    expect(ladders.body).toMatch(/^cohort_day,.*\r\n2026-01-15,1,1,ladder,human,,20,0,10,10,10,0,0\r\n/);
  });

  it.each(['report.html', 'report.csv', 'ladders.csv', 'deliveries'])(
    'knows no %s of an experiment that is not there',
    async (what) => {
      expect((await get(`/v1/experiments/nothing/${what}`)).statusCode).toBe(404);
    },
  );
});

describe('scheduledReports', () => {
  it('keeps the report with its page, sends it, and shows what became of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
    const lines: string[] = [];
    const log = { info: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };
    const { mailer, topic } = mailboxChannels(folder, () => END);
    const channels = {
      mailer,
      topic,
      webhook: async () => Promise.reject(new Error('nobody listens, ada@example.com neither')),
    };
    const archive = { put: async () => Promise.reject(new Error('the archive is away')) };
    const outside = { channels, archive, wait: async () => {}, stage: 'live' };
    const run = () => at(END, () => scheduledReports(installation.deps, log, outside)('run-7'));
    expect(await run()).toEqual({ written: ['checkout'], failed: [] });

    expect((await installation.deps.reports.latest('checkout'))?.verdict).toBeDefined();
    expect(readdirSync(folder).filter((name) => name.endsWith('.eml'))).toHaveLength(1);
    const { deliveries, webhookSecret } = JSON.parse((await get('/v1/experiments/checkout/deliveries')).body ?? '{}');
    expect(deliveries).toMatchObject([
      { channel: 'email', sent: { at: END } },
      { channel: 'webhook', failed: { attempts: 3, error: 'nobody listens, ada@example.com neither' } },
    ]);
    expect(webhookSecret).toMatch(/^[\w-]{43}$/);
    // Logs show that something failed, and neither whose address it was nor the secret path of a webhook.
    expect(lines.join()).toContain('nobody listens');
    expect(lines.join()).not.toMatch(/ada@|example\.com\/x/);
    const said = lines.map((line) => JSON.parse(line));
    expect(new Set(said.map(({ requestId }) => requestId))).toEqual(new Set(['run-7']));
    // Only what keeps a report from being written, or from being kept, is an error; what did not arrive has a metric of its own.
    expect(said.filter(({ level }) => level === 'ERROR')).toEqual([
      expect.objectContaining({ experiment: 'checkout', message: 'Error: the archive is away' }),
    ]);
    expect(said.filter(({ FailedDeliveries }) => FailedDeliveries !== undefined)).toEqual([
      expect.objectContaining({ level: 'INFO', experiment: 'checkout', stage: 'live', FailedDeliveries: 1 }),
    ]);
  });
});

it('takes an experiment whose author asked for no reports', () => {
  expect(aDefinition().reporting).toBeUndefined();
});
