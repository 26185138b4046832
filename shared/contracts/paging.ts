import * as z from 'zod/mini';
import { VisitorId } from './visitor.ts';

/** An instant as it stands in an address. */
export const Instant = z.iso.datetime({
  offset: true,
  message: 'needs a date and time with zone, such as 2026-01-31T00:00:00Z',
});

export const JourneysQuery = z.object({
  /** The last visitor of the page before; from the first one on when absent. */
  after: z.optional(VisitorId),
});

export const ReportsQuery = z.object({
  /** Only reports written before this instant; the newest when absent. */
  before: z.optional(Instant),
});
