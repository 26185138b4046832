import * as z from 'zod/mini';

export const ConcludeRequest = z.strictObject({
  /** The variant everyone gets from now on; the control when absent. */
  ship: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
});

export const ShipRequest = z.strictObject({
  /** The variant everyone gets instead. */
  ship: z.string().check(z.minLength(1), z.maxLength(64)),
});
