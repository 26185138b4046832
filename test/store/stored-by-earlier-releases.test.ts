import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { Definition } from '#shared/experiment/definition.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { reportText } from '#shared/report/text.ts';
import { journeyOf } from '#shared/store/dynamo/journey-item.ts';
import { isDerived, keys } from '#shared/store/dynamo/keys.ts';
import { type Counters, type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { editExperiment, moveExperiment } from '#shared/usecases/define-experiment.ts';
import { recountWithDrift } from '#shared/usecases/recount.ts';
import { repairTallies } from '#shared/usecases/repair-tallies.ts';
import { readReport, reportPage } from '#shared/usecases/write-report.ts';
import { ROOT } from '../../local/graph/source-files.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

type Item = Record<string, AttributeValue>;
/** Both tables as a release wrote them, with what it counted itself. Made by running that release; never changed since. */
type Stored = {
  readonly release: string;
  readonly now: number;
  readonly recount: Readonly<Record<string, Counters>>;
  readonly catalog: readonly Item[];
  readonly journeys: readonly Item[];
};
const storedBy = (name: string): Stored =>
  JSON.parse(readFileSync(join(ROOT, `test/fixtures/stored/${name}-release.json`), 'utf8'), (key, value) =>
    key === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value,
  );

describe.each(['first', 'second'])('what the %s release has stored', (name) => {
  const stored = storedBy(name);
  let platform: Platform;
  beforeAll(async () => {
    platform = await openPlatform();
    platform.clock.now = stored.now;
    for (const table of ['catalog', 'journeys'] as const)
      for (const Item of stored[table])
        await platform.engine.client.send(new PutItemCommand({ TableName: table, Item }));
  });
  afterAll(() => platform?.stop());
  const checkout = async () => {
    const found = await platform.deps.experiments.find('checkout');
    if (found === undefined) throw new Error('the fixture has an experiment called checkout');
    return found;
  };

  it('lies under the keys of today', () => {
    for (const item of stored.journeys)
      expect(keys.journey('checkout', item.sk?.S ?? '')).toEqual({ pk: item.pk?.S, sk: item.sk?.S });
    const partitions = new Set(stored.catalog.map(({ pk }) => pk?.S ?? ''));
    const lookedUp = [
      keys.experiment('checkout').pk,
      keys.revision('checkout', 1).pk,
      keys.secret('token').pk,
      keys.report('checkout', 0).pk,
    ];
    expect([...partitions]).toEqual(expect.arrayContaining(lookedUp));
    expect([...partitions].filter(isDerived)).toHaveLength(2);
  });

  /** Since these releases one counter means less: who was written to is no longer `redirected`. Nothing else may differ. */
  const asCountedNow = (experiment: Experiment): Tally => {
    const sum = new TallySum().add(new Map(Object.entries(stored.recount)));
    for (const item of stored.journeys) {
      const journey = journeyOf(item);
      if (journey.source !== 'link') continue;
      const cells = tallyOf(
        journey,
        experiment.sequences.find(({ version }) => version === journey.sequence),
      ).keys();
      for (const cell of cells) sum.add(new Map([[cell, { redirected: 1 }]]), -1);
    }
    return sum.total();
  };

  it('counts to the last unit as that release counted it, journeys and erased together', async () => {
    const experiment = await checkout();
    const { tally } = await recountWithDrift(platform.deps, experiment);
    expect(tally).toEqual(asCountedNow(experiment));
  });

  it('has live counts that one repair brings to what a counter means now', async () => {
    const experiment = await checkout();
    const links = stored.journeys.filter(({ source }) => source?.S === 'link').length;
    expect(await repairTallies(platform.deps, experiment)).toMatchObject({ drift: links, left: 0 });
    expect(await repairTallies(platform.deps, experiment)).toEqual({ drift: 0, cells: 0, left: 0 });
  });

  it('is read whole: every experiment, every line of its history, every link, and the report as it was written', async () => {
    const { experiments, reports, links } = platform.deps;
    expect((await experiments.list()).map(({ id, status }) => `${id} ${status}`)).toEqual([
      'checkout running',
      'draft draft',
    ]);
    const revisions = await experiments.revisions('checkout');
    expect(revisions.map(({ action }) => action)).toEqual(['created', 'started', 'edited', 'edited']);
    const written = await reports.latest('checkout');
    expect(written?.writtenAt).toBe(stored.now);
    const link = stored.catalog.find(({ pk }) => pk?.S?.startsWith(keys.link('').pk));
    expect(await links.find(link?.pk?.S?.slice(keys.link('').pk.length) ?? '')).toMatchObject({ step: 'buy' });
  });

  it('makes a report today, on every medium', async () => {
    const report = await readReport(platform.deps, 'checkout');
    expect(report.headcount.counted + report.headcount.earlierSequences).toBeGreaterThan(20);
    expect(reportText(report)).toContain('One ask or four');
    expect(await reportPage(report)).toContain('</html>');
  });

  it('has definitions that may be sent back as they are, which changes nothing but the revision', async () => {
    const before = await checkout();
    const definition = z.parse(Definition, JSON.parse(JSON.stringify(before.definition)));
    const after = await editExperiment(platform.deps, definition, before.revision, 'ada');
    expect({ ...after, revision: before.revision }).toEqual(before);
  });

  it('has journeys that take the news of today and keep all they had', async () => {
    const [item] = stored.journeys.filter(({ sequence }) => sequence?.N === '1');
    const before = journeyOf(item ?? {});
    const { arrivedAt: _, ...rest } = before;
    const { after } = await platform.deps.journeys.record({ ...rest, steps: { buy: { at: stored.now } } });
    expect(after).toEqual({ ...before, steps: { ...before.steps, buy: before.steps.buy ?? { at: stored.now } } });
    expect(await platform.deps.journeys.find('checkout', before.visitor)).toEqual(after);
  });

  it('has a draft that starts and a running experiment that concludes', async () => {
    expect((await moveExperiment(platform.deps, 'draft', 'started', 'ada')).status).toBe('running');
    expect((await moveExperiment(platform.deps, 'checkout', 'concluded', 'ada', 'four-asks')).shipped).toBe(
      'four-asks',
    );
  });
});
