import * as z from 'zod/mini';
import { Attributes, VisitorId } from './visitor.ts';

export const AssignRequest = z.strictObject({
  experiment: z.string().check(z.minLength(1), z.maxLength(64)),
  /** Absent for a visitor never seen before: the answer then carries a new id to keep. */
  visitor: z.optional(VisitorId),
  attributes: z.optional(Attributes),
});
export type AssignRequest = z.output<typeof AssignRequest>;

export type AssignResponse = {
  readonly experiment: string;
  readonly visitor: string;
  /** What to show. Always there: whoever is not assigned gets the control, or what was shipped. */
  readonly variant: string;
  readonly assigned: boolean;
  readonly reason: string;
  readonly sequence: number;
  readonly steps: readonly { readonly id: string; readonly name: string; readonly url?: string | undefined }[];
};
