import * as z from 'zod/mini';

export const RotateSecretRequest = z.strictObject({
  /** The secret is known to someone: everything it signed is refused from now on. */
  leaked: z._default(z.boolean(), false),
});
