import { findExperiment } from './define-experiment.ts';
import type { Experiments, Journeys } from './ports.ts';

/**
 * Bytes of lines in one answer. A Lambda function answers with 6 MB at most, its body written as a JSON string, in which every
 * quote and backslash takes two bytes: whatever stands in these lines, twice as many fit.
 */
export const PAGE_BYTES = 2_500_000;

type Deps = { readonly experiments: Experiments; readonly journeys: Pick<Journeys, 'page'> };

/** Journeys as JSON lines, each with its line feed, and the last visitor among them when more come behind. */
export type ExportedJourneys = { readonly lines: string; readonly next: string | undefined };

/**
 * Journeys of an experiment as they are kept, one JSON object a line, from the first or from behind a visitor. The visitors are
 * in an order that never changes, so whoever follows `next` to its end has seen every journey that was there all the while, once.
 */
export async function exportJourneys(
  { experiments, journeys }: Deps,
  id: string,
  after?: string,
  pageBytes = PAGE_BYTES,
): Promise<ExportedJourneys> {
  await findExperiment(experiments, id);
  const lines: string[] = [];
  let bytes = 0;
  let seen = after;
  for (;;) {
    const page = await journeys.page(id, seen);
    for (const journey of page.journeys) {
      const line = `${JSON.stringify(journey)}\n`;
      bytes += new TextEncoder().encode(line).length;
      // One line always fits, or nobody would ever come past it.
      if (bytes > pageBytes && lines.length > 0) return { lines: lines.join(''), next: seen };
      lines.push(line);
      seen = journey.visitor;
    }
    if (page.last) return { lines: lines.join(''), next: undefined };
  }
}
