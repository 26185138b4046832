import type { KinesisStreamEvent } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { adminApi } from '#functions/api/admin.ts';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import { type Exposure, exposureMark } from '#functions/edge/exposure-mark.ts';
import { scheduledReports } from '#functions/schedule/report.ts';
import { exposures } from '#functions/stream/exposures.ts';
import { tallyStream } from '#functions/stream/tally.ts';
import { Definition } from '#shared/experiment/definition.ts';
import type { Report } from '#shared/report/report.ts';
import { concludeByVerdict } from '#shared/usecases/conclude-by-verdict.ts';
import { findExperiment } from '#shared/usecases/define-experiment.ts';
import { deliverReport } from '#shared/usecases/deliver-report.ts';
import type { Channels } from '#shared/usecases/delivery.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { stopByGuardrail } from '#shared/usecases/stop-by-guardrail.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { FUNCTIONS, type FunctionName } from '../../infra/function-names.ts';
import { grantsOf } from '../../infra/grants.ts';
import { memoryEdgeStore } from '../../local/stand-ins/edge-store.ts';
import { call, definition, depsOver, rethrow, streamOf } from './functions-over.ts';
import { RecordingDynamo, type Use } from './recording-dynamo.ts';

const withEdge = memoryEdgeStore();
/** What stages without and with an edge ask for; the use of the second is noted apart. */
const STAGES = [{ edge: false }, { edge: true }] as const;
const uses = new Map<string, Use[]>();
const of = (name: FunctionName, edge: boolean) => uses.get(`${name} ${edge}`) ?? [];

/** Every route and every trigger, on experiments that take everybody and nobody, with clocks that run backwards too. */
async function everything(edge: boolean): Promise<void> {
  const dynamo = new RecordingDynamo();
  /** Nothing is held, so every call asks for all it needs. */
  const deps = () => depsOver(dynamo, 0);
  const changing = () => depsOver(dynamo, 0, edge ? withEdge : undefined);
  const note = (name: FunctionName) => uses.set(`${name} ${edge}`, [...of(name, edge), ...dynamo.drain()]);

  const admin = adminApi(changing(), rethrow);
  for (const [id, campaign] of [['open'], ['closed', 'none-has-this']] as const) {
    const defined = { ...definition(id, campaign), edge: true, reporting: { email: ['a@example.com'] } };
    await call(admin, 'createExperiment', '', defined);
    await call(admin, 'editExperiment', id, { ...defined, name: 'Renamed' });
    await call(admin, 'startExperiment', id, {});
  }
  await call(admin, 'listExperiments');
  await call(admin, 'listFrictions');
  await call(admin, 'frictionsCsv');
  await call(admin, 'findExperiment', 'open');
  await call(admin, 'pauseExperiment', 'open', {});
  await call(admin, 'startExperiment', 'open', {});
  if (edge) await call(admin, 'publishExperiment', 'open', {});
  const issued = await call(admin, 'createKey', '', { kind: 'secret', name: 'server' });
  const { key } = await call(admin, 'rotateKey', { key: String(issued.id) }, {});
  const gone = await call(admin, 'createKey', '', { kind: 'secret', name: 'another' });
  await call(admin, 'revokeKey', { key: String(gone.id) });
  await call(admin, 'listKeys');
  await call(admin, 'changeSettings', '', { holdout: 0.01 });
  await call(admin, 'readSettings');
  note('admin');

  const go = redirect(deps(), rethrow);
  for (const id of ['open', 'closed']) await call(go, 'redirect', id);
  note('redirect');

  const made = await call(admin, 'createLink', '', { experiment: 'open', step: 'buy' });
  const signed = await call(admin, 'enrolRecipients', '', { experiment: 'open', recipients: ['reader-1'] });
  await call(admin, 'enrolRecipients', '', { experiment: 'closed', recipients: ['reader-1'] });
  note('admin');
  const [{ recipient }] = signed.recipients as [{ recipient: string }];
  await call(go, 'openLink', { link: String(made.id), recipient });
  note('redirect');

  const site = siteApi(deps(), rethrow);
  for (const experiment of ['open', 'closed']) {
    await call(site, 'assign', '', { experiment, visitor: 'visitor-1' }, key);
    const event = { experiment, visitor: 'visitor-1', step: 'buy', value: 100 };
    await call(site, 'events', '', { events: [event, { ...event, at: Date.UTC(2025, 11, 31, 23) }] }, key);
    await call(site, 'packed', experiment, undefined, key);
    const context = { targetingKey: 'visitor-2', $expose: true };
    await call(site, 'evaluateFlag', { key: experiment }, { context }, key);
  }
  await call(site, 'evaluateFlags', '', { context: { targetingKey: 'visitor-2' } }, key);
  await call(site, 'identify', '', { visitor: 'visitor-1', knownAs: 'known-1' }, key);
  await call(site, 'identify', '', { visitor: 'visitor-9', knownAs: 'known-1' }, key);
  note('site');

  if (edge) {
    const told = exposures(deps(), { info() {}, error: refuseToLog });
    const at = Date.UTC(2025, 11, 31, 23);
    const seen = {
      visitor: 'visitor-at-the-edge',
      variant: 'direct',
      sequence: 1,
      epoch: 1,
      revision: 3,
      returning: false,
    };
    expect(await told(kinesisOf(logLine(seen, at), logLine(seen, at - 1_000)))).toEqual({ batchItemFailures: [] });
    dynamo.refuseNext();
    expect(await told(kinesisOf(logLine(seen, at - 60_000)))).toEqual({ batchItemFailures: [] });
    note('exposures');
  }

  const { tallies, experiments } = deps();
  await tallyStream({ tallies, sequenceOf: sequenceOf(experiments) })(streamOf(dynamo, 'NewImage', 'OldImage'));
  note('tally');

  await call(admin, 'liveTally', 'open');
  await call(admin, 'report', 'open');
  await call(admin, 'reportHtml', 'open');
  await call(admin, 'reportCsv', 'open');
  await call(admin, 'laddersCsv', 'open');
  await call(admin, 'metricsCsv', 'open');
  await call(admin, 'listDeliveries', 'open');
  note('admin');

  const reporting = changing();
  const { failed } = await scheduledReports(reporting, { info() {}, error: refuseToLog }, { channels: NOWHERE })();
  if (failed.length > 0) throw new Error(`no report of ${failed.join(', ')}`);
  // Neither a delivery nor a verdict comes about in so short a life.
  const open = await findExperiment(reporting.experiments, 'open');
  const report = await readReport(reporting, 'open');
  const won = { ...report, verdict: { ...report.verdict, kind: 'winner', variant: 'direct' } } as Report;
  const asked = Definition.parse({
    ...open.definition,
    reporting: { email: ['a@example.com'], webhook: 'https://example.com/', autoConclude: true },
  });
  const asking = { ...open, definition: asked };
  await deliverReport({ ...reporting, channels: NOWHERE, wait: async () => {} }, asking, won, '');
  const crossed = [{ metric: 'spend', variant: 'direct' }];
  await stopByGuardrail(reporting, { ...won, verdict: { ...won.verdict, kind: 'stopped-by-guardrail', crossed } });
  await concludeByVerdict(reporting, asking, won);
  note('report');

  const { reports } = await call(admin, 'listReports', 'open');
  const [{ writtenAt }] = reports as [{ writtenAt: number }];
  const kept = { experiment: 'open', report: new Date(writtenAt).toISOString() };
  await call(admin, 'findReport', kept);
  await call(admin, 'findReportHtml', kept);
  await call(admin, 'journeysJsonl', 'open');
  await call(admin, 'shipVariant', 'open', { ship: 'question' });
  await call(admin, 'concludeExperiment', 'closed', {});
  await call(admin, 'listRevisions', 'open');
  await call(admin, 'eraseVisitor', { visitor: 'reader-1' });
  await call(admin, 'repairTallies', 'open', {});
  await call(admin, 'rotateTokenSecret', '', {});
  note('admin');
}

const refuseToLog = (line: string) => rethrow(new Error(line), { method: '', path: '' });
const NOWHERE: Channels = { mailer: async () => {}, webhook: async () => {}, topic: async () => {} };

const logLine = (exposure: Exposure, at: number): string =>
  [
    String(at / 1000),
    '302',
    'GET',
    '/go/open',
    'Firefox',
    '-',
    'FunctionGeneratedResponse',
    encodeURIComponent(exposureMark(exposure)),
  ].join('\t');
const kinesisOf = (...lines: string[]): KinesisStreamEvent =>
  ({
    Records: lines.map((line, i) => ({
      kinesis: { sequenceNumber: String(i), data: Buffer.from(`${line}\n`).toString('base64') },
    })),
  }) as unknown as KinesisStreamEvent;

const asPattern = (partition: string): RegExp => new RegExp(`^${partition.replaceAll('*', '.*')}$`);
const covers = (
  grant: { table: string; actions: readonly string[]; partitions?: readonly string[] },
  use: Use,
): boolean =>
  grant.table === use.table &&
  grant.actions.includes(use.action) &&
  (grant.partitions?.some((each) => asPattern(each).test(use.partition)) ?? true);

describe.each(STAGES)('grants of a stage whose edge is $edge', ({ edge }) => {
  beforeAll(() => everything(edge));
  const functions = FUNCTIONS.filter((name) => edge || name !== 'exposures');

  it.each(functions)('let %s do all that it does', (name) => {
    const grants = grantsOf(name, { edge });
    expect(of(name, edge).length).toBeGreaterThan(0);
    expect(of(name, edge).filter((use) => !grants.some((grant) => covers(grant, use)))).toEqual([]);
  });

  it.each(functions)('give %s nothing that it never uses', (name) => {
    const pieces = grantsOf(name, { edge }).flatMap(({ table, actions, partitions }) =>
      actions.flatMap((action) =>
        (partitions ?? ['*']).map((partition) => ({ table, actions: [action], partitions: [partition] })),
      ),
    );
    expect(pieces.filter((piece) => !of(name, edge).some((use) => covers(piece, use)))).toEqual([]);
  });
});
