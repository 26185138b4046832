import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Definition } from '#shared/experiment/definition.ts';
import { parsed } from '#shared/http/parsed.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { postAt } from '../../local/installation/call.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { at } from '../../local/installation/replay-clock.ts';
import { found } from '../../local/simulation/found.ts';
import { play } from '../../local/simulation/play.ts';
import { seeded } from '../../local/simulation/random.ts';
import { readTruth } from '../../local/simulation/truth.ts';

const SINCE = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const VISITORS = 100;
const quiet = { start() {}, advance() {}, finish() {} };

let installation: Installation;
afterEach(() => installation?.stop());

/** Plays a truth, from the creation of its template to the report, on an engine of its own. */
async function played(name: string) {
  const truth = readTruth(name);
  const file = new URL(`../../samples/templates/${truth.template}.json`, import.meta.url);
  const template = JSON.parse(readFileSync(file, 'utf8')) as { definition: unknown };
  const definition = parsed(Definition, template.definition, 'the template');
  installation = await openInstallation();
  await postAt(SINCE, installation.handlers.admin, '/v1/experiments', definition);
  await postAt(SINCE, installation.handlers.admin, `/v1/experiments/${definition.id}/start`, {});
  const random = seeded(1);
  const counts = await play(installation, definition, truth, {
    visitors: VISITORS,
    since: SINCE,
    random,
    progress: quiet,
  });
  await installation.stream.caughtUp();
  const end = SINCE + (truth.days + 45) * DAY_MS;
  const report = await at(end, () => readReport(installation.deps, definition.id));
  return { counts, report, found: found(truth, definition, report) };
}

describe('a template, from creation to report', () => {
  it('counts every person who came by a redirect once, with what they were known by, and no crawler among them', async () => {
    const { counts, report, found: held } = await played('ad-funnel');
    expect(counts.came + counts.machines).toBe(VISITORS);
    expect(report.headcount).toMatchObject({ human: counts.came, counted: counts.came, machine: counts.machines });
    expect(report.variants.map(({ arrived, assigned }) => arrived === assigned)).toEqual([true, true]);
    expect(report.intent?.stages.map(({ stage }) => stage)).toEqual(['early', 'mid', 'late']);
    expect(report.drift).toBe(0);
    expect(held.rates).toHaveLength(2);
  });

  it('takes no scanner of e-mails for a reader, and nobody out of the denominator who never opens', async () => {
    const { counts, report } = await played('email-sequence');
    expect(counts).toMatchObject({ came: VISITORS });
    expect(counts.machines).toBeGreaterThan(15);
    expect(report.headcount).toMatchObject({ human: VISITORS, suspect: 0, machine: 0 });
    expect(report.everyone.map(({ visitors }) => visitors).reduce((a, b) => a + b)).toBe(VISITORS);
    expect(report.drift).toBe(0);
  });

  it.each(['relationship', 'community'])('measures what people of a %s do again and again', async (name) => {
    const { counts, report } = await played(name);
    expect(report.headcount.human).toBe(counts.came);
    expect((report.metrics ?? []).length).toBeGreaterThan(2);
    expect(report.drift).toBe(0);
  });
});
