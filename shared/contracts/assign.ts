import * as z from 'zod/mini';
import { Attributes, VisitorId } from './visitor.ts';

export const AssignRequest = z.strictObject({
  experiment: z.string().check(z.minLength(1), z.maxLength(64)),
  /** Absent for a visitor never seen before: the answer then carries a new id to keep. */
  visitor: z.optional(VisitorId),
  attributes: z.optional(Attributes),
});
export type AssignRequest = z.output<typeof AssignRequest>;
