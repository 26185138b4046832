import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Sequence } from '#shared/experiment/sequence.ts';
import { type Tally, TallySum } from '#shared/tally/tally.ts';
import type { Source } from './source.ts';
import type { Result, Told, Work } from './worker.ts';

/** What came of all parts: the tally, and the sums of their times and of their memory. */
export type Folded = Omit<Result, 'cells'> & { readonly tally: Tally };

/** Folds every part in a process of its own and adds the tallies. `advance` hears how many journeys are done. */
export async function foldSources(
  sources: readonly Source[],
  sequences: readonly [Sequence, ...Sequence[]],
  advance: (journeys: number) => void = () => {},
): Promise<Folded> {
  const done = new Array<number>(sources.length).fill(0);
  const results = await Promise.all(
    sources.map((source, part) =>
      foldApart({ source, sequences }, (journeys) => {
        done[part] = journeys;
        advance(sumOf(done));
      }),
    ),
  );
  const tally = new TallySum();
  for (const { cells } of results) tally.add(new Map(cells));
  return {
    tally: tally.total(),
    journeys: sumOf(results.map(({ journeys }) => journeys)),
    foldMs: sumOf(results.map(({ foldMs }) => foldMs)),
    peakMb: sumOf(results.map(({ peakMb }) => peakMb)),
  };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

function foldApart(work: Work, advance: (journeys: number) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let complaint = '';
    worker.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2_000);
    });
    worker.on('message', (told: Told) => {
      if ('cells' in told) resolve(told);
      else advance(told.done);
    });
    worker.once('error', reject);
    worker.once('close', (code) => reject(new Error(`a part could not be folded (${code}): ${reasonIn(complaint)}`)));
    worker.send(work);
  });
}

/** The line of a stack trace that says what was wrong. */
const reasonIn = (complaint: string): string => /^\w*Error: (.*)$/m.exec(complaint)?.[1] ?? complaint.trim();
