import { describe, expect, it } from 'vitest';
import type { Journey } from '#shared/journey/journey.ts';
import { exportJourneys } from '#shared/usecases/export-journeys.ts';
import type { Experiments } from '#shared/usecases/ports.ts';
import { aJourney, anExperiment } from '../support/an-experiment.ts';

const experiments = { find: async (id: string) => (id === 'checkout' ? anExperiment() : undefined) } as Experiments;

/** A store whose pages hold so many journeys each. */
const storeOf = (all: readonly Journey[], size: number) => ({
  page: async (_: string, after?: string) => {
    const from = all.findIndex(({ visitor }) => visitor === after) + 1;
    return { journeys: all.slice(from, from + size), last: from + size >= all.length };
  },
});

const visitors = Array.from({ length: 50 }, (_, i) =>
  aJourney({ visitor: `visitor-"${i}"`, segments: { n: 'x'.repeat(i) } }),
);

async function everything(size: number, bytes: number) {
  const pages: string[] = [];
  const deps = { experiments, journeys: storeOf(visitors, size) };
  for (let after: string | undefined; ; ) {
    const { lines, next } = await exportJourneys(deps, 'checkout', after, bytes);
    pages.push(lines);
    if (next === undefined) return pages;
    after = next;
  }
}

describe('exportJourneys', () => {
  it.each([
    { size: 7, bytes: 1_000 },
    { size: 50, bytes: 2_000 },
    { size: 1, bytes: 1_000_000 },
    { size: 9, bytes: 1 },
  ])(
    'gives every journey once, whatever the pages of the store ($size) and of the answer ($bytes bytes)',
    async ({ size, bytes }) => {
      const pages = await everything(size, bytes);
      const journeys = pages.flatMap((page) =>
        page
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Journey),
      );
      expect(journeys).toEqual(visitors);
    },
  );

  it('keeps to the bytes of an answer, except for a journey that is larger by itself', async () => {
    const pages = await everything(50, 1_000);
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(1_000);
    expect(pages.length).toBeGreaterThan(10);
    for (const page of await everything(50, 1)) expect(page.match(/\n/g)).toHaveLength(1);
  });

  it('has nothing to give where nobody has joined, and knows no experiment that is not there', async () => {
    const deps = { experiments, journeys: storeOf([], 10) };
    expect(await exportJourneys(deps, 'checkout')).toEqual({ lines: '', next: undefined });
    await expect(exportJourneys(deps, 'nowhere')).rejects.toMatchObject({ code: 'experiment.not-found' });
  });
});
