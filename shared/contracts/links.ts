import * as z from 'zod/mini';
import { oneLine } from '../experiment/plain-text.ts';
import { RECIPIENT_ID } from '../token/recipient.ts';

export const LinkRequest = z.strictObject({
  experiment: z.string().check(z.minLength(1), z.maxLength(64)),
  /** The step an opening of this link stands for. */
  step: z.string().check(z.minLength(1), z.maxLength(64)),
  /** Links of one message share this, so that a scanner that opens all at once is known. */
  message: z.optional(oneLine(64)),
  sentAt: z.optional(z.iso.datetime({ offset: true })),
});

export const RecipientsRequest = z.strictObject({
  /** Assign to this experiment and count in; only sign when absent. */
  experiment: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  recipients: z
    .array(
      z
        .string()
        .check(
          z.regex(
            RECIPIENT_ID,
            'has letters, digits, - and _ only, 64 at most; an e-mail address is personal data, send an opaque id',
          ),
        ),
    )
    .check(z.minLength(1), z.maxLength(1000)),
});
