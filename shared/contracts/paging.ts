import * as z from 'zod/mini';
import { instant } from '../experiment/instant.ts';
import { VisitorId } from './visitor.ts';

export const JourneysQuery = z.object({
  /** The last visitor of the page before; from the first one on when absent. */
  after: z.optional(VisitorId),
});

export const ReportsQuery = z.object({
  /** Only reports written before this instant; the newest when absent. */
  before: z.optional(instant),
});
