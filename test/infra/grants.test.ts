import { beforeAll, describe, expect, it } from 'vitest';
import { adminApi } from '#functions/api/admin.ts';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import { scheduledReports } from '#functions/schedule/report.ts';
import { tallyStream } from '#functions/stream/tally.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { FUNCTIONS, type FunctionName } from '../../infra/function-names.ts';
import { GRANTS } from '../../infra/grants.ts';
import { call, definition, depsOver, rethrow, streamOf } from './functions-over.ts';
import { RecordingDynamo, type Use } from './recording-dynamo.ts';

const dynamo = new RecordingDynamo();
const uses = new Map<FunctionName, Use[]>();
/** Nothing is held, so every call asks for all it needs. */
const deps = () => depsOver(dynamo, 0);

/** Every route and every trigger, on experiments that take everybody and nobody, with clocks that run backwards too. */
async function everything(): Promise<void> {
  const note = (name: FunctionName) => uses.set(name, [...(uses.get(name) ?? []), ...dynamo.drain()]);

  const admin = adminApi(deps(), rethrow);
  for (const [id, campaign] of [['open'], ['closed', 'none-has-this']] as const) {
    await call(admin, 'createExperiment', '', definition(id, campaign));
    await call(admin, 'editExperiment', id, { ...definition(id, campaign), name: 'Renamed' });
    await call(admin, 'startExperiment', id, {});
  }
  await call(admin, 'listExperiments');
  await call(admin, 'findExperiment', 'open');
  await call(admin, 'pauseExperiment', 'open', {});
  await call(admin, 'startExperiment', 'open', {});
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
    await call(site, 'assign', '', { experiment, visitor: 'visitor-1' });
    const event = { experiment, visitor: 'visitor-1', step: 'buy', value: 100 };
    await call(site, 'events', '', { events: [event, { ...event, at: Date.UTC(2025, 11, 31, 23) }] });
  }
  note('site');

  const { tallies, experiments } = deps();
  await tallyStream({ tallies, sequenceOf: sequenceOf(experiments) })(streamOf(dynamo, 'NewImage', 'OldImage'));
  note('tally');

  const { failed } = await scheduledReports(deps(), {
    info() {},
    error: (line) => rethrow(new Error(line), { method: '', path: '' }),
  })();
  if (failed.length > 0) throw new Error(`no report of ${failed.join(', ')}`);
  note('report');

  await call(admin, 'liveTally', 'open');
  await call(admin, 'report', 'open');
  await call(admin, 'concludeExperiment', 'open', {});
  await call(admin, 'listRevisions', 'open');
  await call(admin, 'eraseVisitor', { visitor: 'reader-1' });
  note('admin');
}

const asPattern = (partition: string): RegExp => new RegExp(`^${partition.replaceAll('*', '.*')}$`);
const covers = (
  grant: { table: string; actions: readonly string[]; partitions?: readonly string[] },
  use: Use,
): boolean =>
  grant.table === use.table &&
  grant.actions.includes(use.action) &&
  (grant.partitions?.some((each) => asPattern(each).test(use.partition)) ?? true);

describe('GRANTS', () => {
  beforeAll(everything);

  it.each(FUNCTIONS)('let %s do all that it does', (name) => {
    const refused = (uses.get(name) ?? []).filter((use) => !GRANTS[name].some((grant) => covers(grant, use)));
    expect(refused).toEqual([]);
  });

  it.each(FUNCTIONS)('give %s nothing that it never uses', (name) => {
    const pieces = GRANTS[name].flatMap(({ table, actions, partitions }) =>
      actions.flatMap((action) =>
        (partitions ?? ['*']).map((partition) => ({ table, actions: [action], partitions: [partition] })),
      ),
    );
    expect(pieces.filter((piece) => !(uses.get(name) ?? []).some((use) => covers(piece, use)))).toEqual([]);
  });
});
