import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adminApi } from '#functions/api/admin.ts';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import { tallyStream } from '#functions/stream/tally.ts';
import { embeddedMetrics, type Metrics } from '#shared/contracts/cloudwatch.ts';
import { composeReport } from '#shared/report/compose.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { reportPage } from '#shared/usecases/write-report.ts';
import { ROOT } from '../../infra/bundle.ts';
import { ALARM_METRICS, costOf, costTable, REPORT_METRICS, USES } from '../../infra/cost.ts';
import { FREE_TRIAL_END } from '../../local/recordings/free-trial.ts';
import { freeTrialExperiment, freeTrialTally } from '../../local/recordings/free-trial-tally.ts';
import { call, definition, depsOver, rethrow, streamOf } from './functions-over.ts';
import { RecordingDynamo } from './recording-dynamo.ts';
import { ofType, resourcesWith } from './synthesized.ts';

const DEFAULTS = { clicks: 1_000_000, steps: 3, batch: 1, days: 30, experiments: 5 };
const total = (traffic: typeof DEFAULTS) => costOf(traffic).reduce((sum, { dollars }) => sum + dollars, 0);

describe('what the cost model assumes', async () => {
  const dynamo = new RecordingDynamo();
  const deps = depsOver(dynamo, 60_000);
  const admin = adminApi(deps, rethrow);
  await call(admin, 'createExperiment', '', definition('open'));
  await call(admin, 'startExperiment', 'open', {});
  const go = redirect(deps, rethrow);
  const site = siteApi(deps, rethrow);
  const { key } = await call(admin, 'createKey', '', { kind: 'secret', name: 'server' });
  const event = { experiment: 'open', visitor: 'visitor-1', step: 'buy' };
  // The first request of an instance loads the experiment and the secret.
  await call(go, 'redirect', 'open');
  await call(site, 'events', '', { ...event, visitor: 'visitor-0' }, key);
  dynamo.drain();

  it('is what a click does: one write, and no read', async () => {
    await call(go, 'redirect', 'open');
    expect(dynamo.drain()).toEqual(
      Array(USES.redirect.writes).fill(expect.objectContaining({ action: 'UpdateItem', table: 'journeys' })),
    );
  });

  it('is what a request with events of one visitor does: one write, however many events, and once more if it is sent again', async () => {
    for (const body of [event, event, { events: [event, { ...event, type: 'arrival', step: undefined }] }]) {
      await call(site, 'events', '', body, key);
      expect(dynamo.drain()).toEqual(
        Array(USES.events.writes).fill(expect.objectContaining({ action: 'UpdateItem', table: 'journeys' })),
      );
    }
  });

  it('is what it takes to make two ids one: a note, a transaction, and two writes to clear up; and nothing but reads when it is repeated', async () => {
    await call(site, 'events', '', { ...event, visitor: 'anonymous' }, key);
    await call(site, 'identify', '', { visitor: 'nobody', knownAs: 'no-one' }, key);
    dynamo.drain();
    const used = async () => {
      await call(site, 'identify', '', { visitor: 'anonymous', knownAs: 'ada' }, key);
      return dynamo.drain().map(({ action }) => action);
    };
    expect((await used()).sort()).toEqual([...Array(3).fill('GetItem'), 'PutItem', ...Array(4).fill('UpdateItem')]);
    expect(await used()).toEqual(Array(4).fill('GetItem'));
  });

  it('is what a batch of the stream does: one write for the checkpoint and one for each cell, however many records', async () => {
    for (let visitor = 2; visitor < 50; visitor += 1)
      await call(site, 'events', '', { ...event, visitor: `visitor-${visitor}` }, key);
    dynamo.drain();
    const tally = tallyStream({ tallies: deps.tallies, sequenceOf: sequenceOf(deps.experiments) });
    await tally(streamOf(dynamo, 'NewImage'));
    const writes = dynamo.drain().filter(({ action }) => action === 'UpdateItem');
    expect(writes.map(({ partition }) => partition)).toEqual([
      'checkpoint#shard-1',
      'tally-live#open',
      'tally-live#open',
    ]);
  });

  it('is what a report keeps: one item of the table, no larger than is paid for, and no scan on the way', async () => {
    const { report, html } = await freeTrialReport();
    dynamo.drain();
    await deps.reports.put(report, html);
    expect(dynamo.drain()).toEqual([expect.objectContaining({ action: 'PutItem', table: 'catalog' })]);
    const item = dynamo.items.get(
      `catalog reports#${report.experiment.id} ${new Date(report.writtenAt).toISOString()}`,
    );
    const bytes = Buffer.byteLength(item?.document?.S ?? '') + (item?.html?.B?.byteLength ?? 0);
    expect(bytes).toBeGreaterThan(USES.report.tableBytes / 2);
    expect(bytes).toBeLessThan(USES.report.tableBytes * 1.5);
    expect(Buffer.byteLength(JSON.stringify(report)) + Buffer.byteLength(html)).toBeLessThan(
      USES.report.archiveBytes * 1.5,
    );
  });

  it('is how many metrics the reports write', () => {
    const metrics = { Drift: 0, SampleRatioMismatch: 0, FailedDeliveries: 0 } satisfies Required<Metrics>;
    expect(Object.keys(metrics)).toHaveLength(REPORT_METRICS);
    // One set of dimensions, so that no metric is paid for twice.
    expect(embeddedMetrics('live', metrics, 0)._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['stage']]);
  });

  it('is how many metrics the alarms read', () => {
    const read = ofType(resourcesWith(), 'AWS::CloudWatch::Alarm').map(([, { Metrics }]) =>
      Metrics === undefined ? 1 : [...Metrics].filter(({ MetricStat }) => MetricStat !== undefined).length,
    );
    expect(read.reduce((sum, count) => sum + count)).toBe(ALARM_METRICS);
  });
});

async function freeTrialReport() {
  const experiment = freeTrialExperiment();
  const report = composeReport(experiment, freeTrialTally(experiment), 0, FREE_TRIAL_END);
  return { report, html: await reportPage(report) };
}

describe('costOf', () => {
  it('is a few dollars while nobody comes', () => {
    expect(total({ ...DEFAULTS, clicks: 1 })).toBeLessThan(4);
  });

  it('falls per click as traffic grows, because busy shards commit fuller batches', () => {
    const perClick = [1e5, 1e6, 1e7, 1e8, 1e9].map((clicks) => total({ ...DEFAULTS, clicks }) / clicks);
    expect(perClick).toEqual([...perClick].sort((a, b) => b - a));
  });

  it('falls when pages send their events together', () => {
    expect(total({ ...DEFAULTS, batch: 3 })).toBeLessThan(total(DEFAULTS));
  });
});

describe('docs/cost.md', () => {
  it('shows what the command prints', () => {
    const page = readFileSync(join(ROOT, 'docs/cost.md'), 'utf8');
    for (const clicks of [1e6, 1e8]) expect(page).toContain(costTable({ ...DEFAULTS, clicks }));
  });
});
