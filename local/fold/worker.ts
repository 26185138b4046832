import type { Sequence } from '#shared/experiment/sequence.ts';
import type { Counters } from '#shared/tally/tally.ts';
import { LineFold } from './fold-lines.ts';
import { piecesOf, type Source } from './source.ts';

export type Work = { readonly source: Source; readonly sequences: readonly [Sequence, ...Sequence[]] };
export type Result = {
  readonly cells: readonly (readonly [string, Counters])[];
  readonly journeys: number;
  /** Processor time spent on reading lines and counting them, without making or fetching them. */
  readonly foldMs: number;
  /** The most memory that the process held. */
  readonly peakMb: number;
};
export type Told = { readonly done: number } | Result;

/** A process of its own, so that every core folds. Told its work by a message, it tells how far it is, and the tally at the end. */
process.once('message', async ({ source, sequences }: Work) => {
  const fold = new LineFold(sequences);
  let foldMs = 0;
  for await (const piece of piecesOf(source, sequences[0])) {
    const began = process.cpuUsage();
    fold.take(piece);
    const { user, system } = process.cpuUsage(began);
    foldMs += (user + system) / 1_000;
    process.send?.({ done: fold.journeys } satisfies Told);
  }
  const cells = [...fold.total()];
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  const result: Told = { cells, journeys: fold.journeys, foldMs, peakMb };
  // The tally is large; the process may go once it has left.
  process.send?.(result, () => process.disconnect());
});
