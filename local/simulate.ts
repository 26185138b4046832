import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Definition } from '#shared/experiment/definition.ts';
import { defineSequence, matureAfterMs } from '#shared/experiment/sequence.ts';
import { DAY_MS } from '#shared/experiment/time.ts';
import { parsed } from '#shared/http/parsed.ts';
import { reportText } from '#shared/report/text.ts';
import { readReport, reportPage } from '#shared/usecases/write-report.ts';
import { listed, people, percent, plural } from '#shared/verdict/words.ts';
import { counter } from './commands/progress.ts';
import { postAt } from './installation/call.ts';
import { openInstallation } from './installation/installation.ts';
import { at } from './installation/replay-clock.ts';
import { calibrate } from './simulation/calibration.ts';
import { found, foundText } from './simulation/found.ts';
import { play } from './simulation/play.ts';
import { type Random, seeded } from './simulation/random.ts';
import { readTruth, truthNames } from './simulation/truth.ts';

/** A Monday, so that whole weeks are whole weeks. */
const SINCE = Date.UTC(2026, 0, 5);

const USAGE = `npm run simulate -- --template NAME [--visitors 20000] [--seed 1]
  plays visitors of a known truth through the real functions and says whether the verdict found it
  NAME is one of ${truthNames().join(', ')}

npm run simulate -- --aa 1000 [--definition FILE] [--rate 0.05] [--per-day 500] [--ramp 0.1,0.5,1] [--seed 1]
  runs that many experiments in which nothing differs through the verdict, on the policy and the weights of a definition of
  yours, and counts how often it names a winner all the same; --ramp is the share of the traffic on the first days
  --rate 0.05,0.06,0.06 gives each variant its own, and a winner is false if it is not better than every other variant`;

const { values } = parseArgs({
  options: {
    template: { type: 'string' },
    visitors: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    aa: { type: 'string' },
    definition: { type: 'string', default: 'samples/four-steps.json' },
    rate: { type: 'string', default: '0.05' },
    'per-day': { type: 'string', default: '500' },
    ramp: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.aa !== undefined) await runCalibration();
else if (values.template !== undefined && !values.help) await runSimulation(values.template);
else console.log(USAGE);

async function runSimulation(name: string): Promise<void> {
  if (!truthNames().includes(name))
    return refuse(`there is no truth called ${name}; there are ${truthNames().join(', ')}`);
  const truth = readTruth(name);
  const definition = await definitionIn(new URL(`../samples/templates/${truth.template}.json`, import.meta.url));
  const random = seeded(number('seed', 0));
  const visitors = number('visitors', 1);
  console.log(`${definition.name}\n${truth.summary}\n`);

  // In a file of its own, which has the index that a memory engine lacks, and which goes with the simulation.
  const data = await mkdtemp(join(tmpdir(), 'stepladder-simulation-'));
  const installation = await openInstallation(data, { newId: seededIds(random) });
  try {
    const { admin } = installation.handlers;
    await postAt(SINCE, admin, '/v1/experiments', definition);
    await postAt(SINCE, admin, `/v1/experiments/${definition.id}/start`, {});
    const progress = counter('visitors');
    const played = await play(installation, definition, truth, { visitors, since: SINCE, random, progress });
    await installation.stream.caughtUp();

    const end = SINCE + (truth.days + Math.ceil(longestWait(definition)) + 1) * DAY_MS;
    const report = await at(end, () => readReport(installation.deps, definition.id));
    const folder = new URL('../.data/simulations/', import.meta.url);
    await mkdir(folder, { recursive: true });
    const page = new URL(`${name}.html`, folder);
    await writeFile(page, await reportPage(report));

    console.log(reportText(report));
    console.log(`\n${foundText(definition, found(truth, definition, report))}`);
    console.log(
      `\n${people(played.came)} people and ${people(played.machines)} machines, ${people(played.requests)} requests in ${played.seconds.toFixed(0)} s ` +
        `(${(played.requests / played.seconds).toFixed(0)} a second); drift ${report.drift}. The report as a page: ${page.pathname}`,
    );
  } finally {
    await installation.stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** Days until the last of what is measured of a visitor is final. */
function longestWait(definition: Definition): number {
  const { windowMs, metrics = [] } = defineSequence(definition, 1, SINCE);
  return Math.max(windowMs, ...metrics.map(matureAfterMs)) / DAY_MS;
}

async function runCalibration(): Promise<void> {
  const definition = await definitionIn(values.definition);
  const rates = shares('rate');
  const plan = { runs: number('aa', 1), rates, perDay: number('per-day', 1), ramp: shares('ramp') };
  const progress = counter('experiments');
  progress.start(plan.runs);
  const { runs, falseWinners, early, trueWinners, promised, kept } = calibrate(
    seeded(number('seed', 0)),
    definition,
    plan,
    (done) => progress.advance(done, ''),
  );
  progress.finish();
  const alike = rates.length === 1;
  console.log(
    `${people(runs)} experiments of ${plural(definition.variants.length, alike ? 'equal variant' : 'variant')}, ${people(plan.perDay)} visitors a day and variant on average, ` +
      `goal rate ${listed(rates.map(percent))}, looked at every day to a week past the planned end.\n` +
      `A ${alike ? 'winner' : 'variant that is not the best'} was named in ${people(falseWinners)} (${percent(falseWinners / runs)}), ${people(early)} of them before the planned end` +
      `${alike ? '' : `, and the best one in ${people(trueWinners)} (${percent(trueWinners / runs)})`}; ` +
      `the policy promises ${percent(promised)} at most: ${kept ? 'kept' : 'broken'}.`,
  );
  if (!kept) process.exitCode = 1;
}

/** A definition, or a template with one in it. */
async function definitionIn(file: string | URL): Promise<Definition> {
  const read = JSON.parse(await readFile(file, 'utf8')) as { definition?: unknown };
  return parsed(Definition, read.definition ?? read, 'the definition');
}

function seededIds(random: Random): () => string {
  return () => Buffer.from(Array.from({ length: 16 }, () => Math.floor(random.uniform() * 256))).toString('base64url');
}

function number(name: 'visitors' | 'seed' | 'aa' | 'per-day', above: number): number {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value >= above) return value;
  return refuse(`--${name} cannot be ${values[name]}`);
}

function shares(name: 'rate' | 'ramp'): number[] {
  const read = values[name].split(',').map(Number);
  if (read.every((value) => value > 0 && (name === 'rate' ? value < 1 : value <= 1))) return read;
  return refuse(`--${name} cannot be ${values[name]}`);
}

function refuse(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}
