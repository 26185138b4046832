import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { Sequence } from '#shared/experiment/sequence.ts';
import { BLOCK, madeJourneys } from './made-journeys.ts';

/** A part of the work that one worker does alone. */
export type Source =
  | { readonly kind: 'file'; readonly path: string; readonly from: number; readonly until: number }
  | { readonly kind: 'gzip'; readonly path: string }
  | { readonly kind: 'made'; readonly seed: number; readonly from: number; readonly until: number };

const LINE_FEED = 10;
const PIECE_BYTES = 1 << 20;

/** Cuts files and made-up journeys into about so many parts. A compressed file can only be read from its beginning. */
export async function sourcesOf(paths: readonly string[], parts: number): Promise<Source[]> {
  const sources = await Promise.all(
    paths.map(async (path): Promise<Source[]> => {
      if (path.endsWith('.gz')) return [{ kind: 'gzip', path }];
      const { size } = await stat(path);
      const cuts = await Promise.all(
        Array.from({ length: parts - 1 }, (_, i) => lineAt(path, (size * (i + 1)) / parts)),
      );
      const ends = [...cuts, size];
      return ends.map((until, i) => ({ kind: 'file', path, from: ends[i - 1] ?? 0, until }));
    }),
  );
  return sources.flat();
}

export function madeSources(journeys: number, seed: number, parts: number): Source[] {
  const blocks = Math.ceil(journeys / BLOCK);
  return Array.from({ length: parts }, (_, i) => ({
    kind: 'made',
    seed,
    from: Math.floor((blocks * i) / parts),
    until: Math.floor((blocks * (i + 1)) / parts),
  }));
}

/** The bytes of a part, in pieces. */
export async function* piecesOf(source: Source, sequence: Sequence): AsyncIterable<Buffer> {
  if (source.kind === 'made')
    for (let block = source.from; block < source.until; block++) yield madeJourneys(sequence, source.seed, block);
  else if (source.kind === 'gzip')
    yield* createReadStream(source.path, { highWaterMark: PIECE_BYTES }).pipe(createGunzip({ chunkSize: PIECE_BYTES }));
  else if (source.from < source.until)
    yield* createReadStream(source.path, {
      start: source.from,
      end: source.until - 1,
      highWaterMark: PIECE_BYTES,
    });
}

/** Where the first line begins that begins at a place or behind it. */
async function lineAt(path: string, place: number): Promise<number> {
  const file = await open(path);
  try {
    const piece = Buffer.alloc(1 << 16);
    for (let from = Math.max(0, Math.floor(place) - 1); ; from += piece.length) {
      const { bytesRead } = await file.read(piece, 0, piece.length, from);
      const end = piece.subarray(0, bytesRead).indexOf(LINE_FEED);
      if (end >= 0) return from + end + 1;
      if (bytesRead < piece.length) return from + bytesRead;
    }
  } finally {
    await file.close();
  }
}
