import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDerived } from '#shared/store/dynamo/keys.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { readBackup, writeBackup } from '../../local/installation/backup-file.ts';
import { type Installation, openInstallation, TABLES } from '../../local/installation/installation.ts';
import { loseTables, loseTallies, restored } from '../../local/installation/loss.ts';
import { createTables } from '../../local/stand-ins/engine.ts';
import { expireJourneys } from '../../local/stand-ins/expire-journeys.ts';
import { aJourney, anExperiment, DAY, NOON } from '../support/an-experiment.ts';

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'stepladder-recovery-'));
const file = join(folder, 'backup.jsonl.gz');
/** What a backup holds but for what is counted anew, by where it lies. */
const keptIn = (path: string): Map<string, unknown> => {
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n').slice(1, -1);
  const items = lines.map((line) => JSON.parse(line)).filter(({ item }) => !isDerived(item.pk.S));
  return new Map(items.map(({ table, item }) => [`${table} ${item.pk.S} ${item.sk.S}`, item]));
};
/** What the command line says, run as a person runs it. */
const stepladder = async (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> =>
  (
    await execute('node', ['--import', 'tsx', 'local/stepladder.ts', ...args], {
      env: { ...process.env, ...environment },
    })
  ).stdout;
const VISITORS = 60;
let installation: Installation;

beforeAll(async () => {
  installation = await openInstallation();
  const { deps, stream, engine } = installation;
  const experiment = anExperiment({ id: 'checkout' });
  const line = { revision: experiment.revision, at: NOON, by: 'ada', action: 'created' as const, experiment };
  await deps.experiments.create(experiment, line);
  for (let i = 0; i < VISITORS; i++)
    await deps.journeys.record(
      aJourney({
        visitor: `vis-${i}`,
        variant: i % 2 ? 'ladder' : 'one-ask',
        steps: i % 3 ? {} : { buy: { at: NOON + 1_000, value: { at: NOON + 1_000, amount: 100 + i } } },
      }),
    );
  await stream.caughtUp();
  for (const gone of ['vis-0', 'vis-1', 'vis-2']) await deps.journeys.erase('checkout', gone);
  await deps.reports.put(await readReport(deps, 'checkout'), '<p>kept as bytes');
  await stream.caughtUp();
  await writeBackup(engine.client, TABLES, file, NOON);
});
afterAll(async () => {
  await installation?.stop();
  rmSync(folder, { recursive: true });
});

describe('a lost live tally', () => {
  it('comes again from the journeys, and what is counted afterwards counts once', async () => {
    const { lost, left } = await loseTallies(installation);
    expect(lost).toBeGreaterThan(VISITORS);
    expect(left).toBe(0);
    await installation.deps.journeys.record(aJourney({ visitor: 'vis-late' }));
    await installation.stream.caughtUp();
    expect((await readReport(installation.deps, 'checkout')).drift).toBe(0);
  });
});

describe('a backup', () => {
  it('fills an empty place with the same experiments, the same recount and the same live counts, the erased included', async () => {
    expect(await loseTables(installation)).toMatchObject({ lost: VISITORS - 3 + 1, left: 0 });
  });

  it('keeps what is neither journey nor count: keys, secrets, revisions and written reports', async () => {
    const copy = await restored(file);
    try {
      const [before, after] = [installation.deps, copy.deps];
      expect(await after.secrets.tokenSecret()).toEqual(await before.secrets.tokenSecret());
      expect(await after.secrets.recipientSecret()).toEqual(await before.secrets.recipientSecret());
      expect(await after.experiments.revisions('checkout')).toEqual(await before.experiments.revisions('checkout'));
      expect(await after.reports.latest('checkout')).toEqual(await before.reports.latest('checkout'));
      const known = await before.apiKeys.list();
      expect(known.length).toBeGreaterThan(0);
      expect(await after.apiKeys.list()).toEqual(expect.arrayContaining(known));
    } finally {
      await copy.stop();
    }
  });

  it('goes out of any two tables and into any two empty ones, by the environment of the AWS SDK alone', async () => {
    const { engine } = installation;
    const elsewhere = { catalog: 'Stack-catalog-1A2B', journeys: 'Stack-journeys-3C4D' };
    await createTables(engine.client, elsewhere);
    const run = (command: string, tables: typeof elsewhere, ...args: string[]) =>
      stepladder([command, ...args], {
        AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'an-operator',
        AWS_SECRET_ACCESS_KEY: 'their-secret',
        CATALOG_TABLE: tables.catalog,
        JOURNEYS_TABLE: tables.journeys,
      });
    const [here, there] = [join(folder, 'here.jsonl.gz'), join(folder, 'there.jsonl.gz')];
    expect(await run('backup', TABLES, here)).toMatch(/: \d+ journeys, \d+ items of the catalog\.\n$/);
    expect(await run('restore', elsewhere, here)).toContain('redrive');
    await expect(readBackup(engine.client, elsewhere, here)).rejects.toThrow('Stack-catalog-1A2B is not');
    await writeBackup(engine.client, elsewhere, there, NOON);
    expect(keptIn(there).size).toBeGreaterThan(VISITORS);
    expect(keptIn(there)).toEqual(keptIn(here));
  });

  it.each([
    {
      what: 'a file that breaks off',
      spoil: (lines: string[]) => lines.slice(0, -2),
      says: 'breaks off before its end',
    },
    { what: 'a file with a line missing', spoil: (lines: string[]) => lines.toSpliced(3, 1), says: 'breaks off' },
    { what: 'some other file', spoil: () => ['{"hello":"world"}', ''], says: 'is no backup of Stepladder' },
    {
      what: 'a backup of a later shape',
      spoil: ([, ...rest]: string[]) => ['{"format":"stepladder-backup","shape":99}', ...rest],
      says: 'has tables of shape 99, and this code knows 1; use newer code',
    },
  ])('is refused when it is $what', async ({ spoil, says }) => {
    const spoilt = join(folder, 'spoilt.jsonl.gz');
    const lines = gunzipSync(readFileSync(file)).toString().split('\n');
    writeFileSync(spoilt, gzipSync(spoil(lines).join('\n')));
    await expect(restored(spoilt)).rejects.toThrow(says);
  });

  it('is never poured over what is there', async () => {
    const place = join(folder, 'taken');
    await (await openInstallation(place)).stop();
    const { restore } = await import('../../local/commands/backup.ts');
    await expect(restore(place, file)).rejects.toThrow('empty tables, and stepladder-catalog is not');
  });
});

describe('a journey whose time is up', () => {
  const left = async () => {
    const visitors: string[] = [];
    for await (const { visitor } of installation.deps.journeys.all('checkout')) visitors.push(visitor);
    return visitors.length;
  };

  it('stays until then', async () => {
    const before = await left();
    expect(await expireJourneys(installation.engine.client, TABLES.journeys, NOON + 394 * DAY)).toBe(0);
    expect(await left()).toBe(before);
  });

  it('goes without a trace in the counts', async () => {
    const { deps, engine, stream } = installation;
    const [before, report] = [await left(), await readReport(deps, 'checkout')];
    expect(await expireJourneys(engine.client, TABLES.journeys, NOON + 396 * DAY)).toBe(before);
    await stream.caughtUp();
    expect(await left()).toBe(0);
    const after = await readReport(deps, 'checkout');
    expect({ ...after, writtenAt: 0, asOf: 0 }).toEqual({ ...report, writtenAt: 0, asOf: 0 });
    expect(after.drift).toBe(0);
  });
});
