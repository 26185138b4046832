import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { exportJourneys } from '#shared/usecases/export-journeys.ts';
import { recount } from '#shared/usecases/recount.ts';
import { LineFold } from '../../local/fold/fold-lines.ts';
import { foldSources } from '../../local/fold/fold-sources.ts';
import { BLOCK, madeJourneys } from '../../local/fold/made-journeys.ts';
import { madeSources, piecesOf, type Source, sourcesOf } from '../../local/fold/source.ts';
import { aJourney, anExperiment } from '../support/an-experiment.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepladder-fold-'));
afterAll(() => rmSync(folder, { recursive: true }));
const experiment = anExperiment();
const [sequence] = experiment.sequences;
const made = madeJourneys(sequence, 1, 0).subarray(0, 60_000);
const whole = made.subarray(0, made.lastIndexOf(10) + 1);
const folded = (...pieces: readonly Buffer[]): Tally => {
  const fold = new LineFold(experiment.sequences);
  for (const piece of pieces) fold.take(piece);
  return fold.total();
};

describe('LineFold', () => {
  it('gives the same tally in whatever pieces the bytes come', () => {
    const all = folded(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), whole.length];
        expect(folded(...ends.map((end, i) => whole.subarray(ends[i - 1] ?? 0, end)))).toEqual(all);
      }),
      { numRuns: 25 },
    );
  });

  it('reads names in any writing, cut in the middle of a character', () => {
    const journey = aJourney({ segments: { city: 'Zürich 💡' } });
    const bytes = Buffer.from(`${JSON.stringify(journey)}\n`);
    const expected = tallyOf(journey, sequence);
    for (let cut = 1; cut < bytes.length; cut++)
      expect(folded(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(expected);
  });

  it('counts a last line without a line feed, and says what is no journey', () => {
    const line = Buffer.from(JSON.stringify(aJourney()));
    expect(folded(line)).toEqual(tallyOf(aJourney(), sequence));
    expect(() => folded(Buffer.from('{"hello":"world"}\n'))).toThrow('this line is no journey: {"hello":"world"}');
  });
});

describe('sourcesOf', () => {
  it('cuts a file at the ends of lines, so that every line is in one part and in one alone', async () => {
    const path = join(folder, 'cut.jsonl');
    writeFileSync(path, whole);
    for (const parts of [1, 2, 7, 50]) {
      const sources = await sourcesOf([path], parts);
      const tallies = await Promise.all(
        sources.map(async (source) => {
          const fold = new LineFold(experiment.sequences);
          for await (const piece of piecesOf(source, sequence)) fold.take(piece);
          return fold.total();
        }),
      );
      const sum = new TallySum();
      for (const tally of tallies) sum.add(tally);
      expect(sum.total(), `${parts} parts`).toEqual(folded(whole));
    }
  });

  it('cuts made-up journeys into blocks that come out the same wherever they are made', async () => {
    expect(madeSources(3 * BLOCK, 1, 2)).toEqual([
      { kind: 'made', seed: 1, from: 0, until: 1 },
      { kind: 'made', seed: 1, from: 1, until: 3 },
    ]);
    expect(madeJourneys(sequence, 7, 3).equals(madeJourneys(sequence, 7, 3))).toBe(true);
    expect(madeJourneys(sequence, 7, 3).equals(madeJourneys(sequence, 8, 3))).toBe(false);
  });
});

describe('npm run fold', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await openPlatform();
    await platform.put(experiment);
    for (const [i, line] of whole.toString().trim().split('\n').entries())
      if (i < 120) await platform.deps.journeys.record({ ...JSON.parse(line), experiment: 'checkout' });
  });
  afterAll(() => platform?.stop());

  it('counts exported journeys as a recount of the table does, over plain and packed files and several processes', async () => {
    const { lines } = await exportJourneys(platform.deps, 'checkout');
    const [head = '', tail = ''] = [lines.slice(0, lines.indexOf('\n') + 1), lines.slice(lines.indexOf('\n') + 1)];
    const paths = [join(folder, 'head.jsonl.gz'), join(folder, 'tail.jsonl')] as const;
    writeFileSync(paths[0], gzipSync(head));
    writeFileSync(paths[1], tail);
    const { tally, journeys } = await foldSources(await sourcesOf(paths, 2), experiment.sequences);
    expect(journeys).toBe(120);
    expect(tally).toEqual(await recount(platform.deps, experiment));
  });

  it('says which line of which part was wrong', async () => {
    const path = join(folder, 'spoilt.jsonl');
    writeFileSync(path, '{"variant":"ladder"}\n');
    const source: Source = { kind: 'file', path, from: 0, until: 21 };
    await expect(foldSources([source], experiment.sequences)).rejects.toThrow('this line is no journey');
  });
});
