import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Definition } from '#shared/experiment/definition.ts';
import { defineSequence, type Sequence } from '#shared/experiment/sequence.ts';
import { parsed } from '#shared/http/parsed.ts';
import { countsOf } from '#shared/tally/counts.ts';
import { counter } from './commands/progress.ts';
import { foldSources } from './fold/fold-sources.ts';
import { BLOCK } from './fold/made-journeys.ts';
import { madeSources, type Source, sourcesOf } from './fold/source.ts';

const USAGE = `npm run fold -- --experiment EXPERIMENT FILE…
  counts journeys in files, one JSON object a line (.jsonl, or .jsonl.gz): what a recount of the table gives, past the table
  EXPERIMENT is what npm run stepladder -- show ID prints; FILE what npm run stepladder -- journeys ID does

npm run fold -- --generate 10000000 [--seed 1]
  the same over made-up journeys, made line by line as they are counted: nothing is kept

  --workers N   how many at a time (now: ${availableParallelism()})
  --json        the tally itself`;

/** A Monday. */
const SINCE = Date.UTC(2026, 0, 5);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    experiment: { type: 'string' },
    generate: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const made = values.generate === undefined ? undefined : count('generate');
if (values.help || (made === undefined && (positionals.length === 0 || values.experiment === undefined)))
  console.log(USAGE);
else await run();

async function run(): Promise<void> {
  const workers = count('workers');
  const sources: readonly Source[] =
    made === undefined ? await sourcesOf(positionals, workers) : madeSources(made, count('seed'), workers);
  const sequences = await sequencesIn(values.experiment);
  const bar = made === undefined ? undefined : counter('journeys');
  bar?.start(Math.ceil((made ?? 0) / BLOCK) * BLOCK);
  const began = performance.now();
  const { tally, journeys, foldMs, peakMb } = await foldSources(sources, sequences, (done) =>
    bar?.advance(done, 'folding'),
  );
  const seconds = (performance.now() - began) / 1_000;
  bar?.finish();
  if (values.json) console.log(JSON.stringify(Object.fromEntries(tally)));
  else for (const line of countsOf(tally, sequences.at(-1) ?? sequences[0])) console.log(said(line));
  const number = (value: number) => Math.round(value).toLocaleString('en-US');
  console.error(
    `${number(journeys)} journeys in ${seconds.toFixed(1)} s: ${number(journeys / seconds)} a second with ${workers} workers; ` +
      `reading and counting one took ${((1_000 * foldMs) / journeys).toFixed(1)} µs of a core; ${number(peakMb)} MB in all`,
  );
}

function said({ variant, visitors, goals, value, furthest }: ReturnType<typeof countsOf>[number]): string {
  return `${variant.padEnd(20)} ${visitors} visitors, ${goals} at the goal, value ${value}, by furthest rung ${furthest.join(' ')}`;
}

/** The ladders that the journeys were measured on: of an experiment, or of the sample when they are made up. */
async function sequencesIn(file: string | undefined): Promise<readonly [Sequence, ...Sequence[]]> {
  if (file !== undefined) {
    const { sequences } = JSON.parse(await readFile(file, 'utf8')) as { sequences: [Sequence, ...Sequence[]] };
    return sequences;
  }
  const sample = await readFile(new URL('../samples/four-steps.json', import.meta.url), 'utf8');
  return [defineSequence(parsed(Definition, JSON.parse(sample), 'the sample'), 1, SINCE)];
}

function count(name: 'generate' | 'seed' | 'workers'): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above zero`);
  return value;
}
