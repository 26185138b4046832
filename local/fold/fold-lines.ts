import type { Sequence } from '#shared/experiment/sequence.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';

const LINE_FEED = 10;

/**
 * Folds journeys, one JSON object a line, into a tally: what a recount of the table does, over files. Lines come as bytes in any
 * pieces. Adds nothing up but integers, so files and parts of files may be folded apart and their tallies added.
 */
export class LineFold {
  readonly #sequences: ReadonlyMap<number, Sequence>;
  readonly #sum = new TallySum();
  #rest: Buffer = Buffer.alloc(0);
  journeys = 0;

  constructor(sequences: readonly Sequence[]) {
    this.#sequences = new Map(sequences.map((sequence) => [sequence.version, sequence]));
  }

  /** Takes a piece of a file; what follows its last line feed waits for the next. */
  take(piece: Buffer): void {
    const end = piece.lastIndexOf(LINE_FEED);
    if (end < 0) {
      this.#rest = Buffer.concat([this.#rest, piece]);
      return;
    }
    this.#lines(Buffer.concat([this.#rest, piece.subarray(0, end)]).toString('utf8'));
    this.#rest = Buffer.from(piece.subarray(end + 1));
  }

  /** The sum, once the last piece was taken. A last line may lack its line feed. */
  total(): Tally {
    this.#lines(this.#rest.toString('utf8'));
    this.#rest = Buffer.alloc(0);
    return this.#sum.total();
  }

  #lines(text: string): void {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const journey = JSON.parse(line) as Journey;
      if (typeof journey.variant !== 'string' || typeof journey.sequence !== 'number')
        throw new Error(`this line is no journey: ${line.slice(0, 120)}`);
      this.#sum.add(tallyOf(journey, this.#sequences.get(journey.sequence)));
      this.journeys += 1;
    }
  }
}
