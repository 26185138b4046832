import * as z from 'zod/mini';

/**
 * Where reports of an experiment go, and when. Nothing is sent while there is too little to judge; a verdict that changes is
 * sent at once. All of it may change while the experiment runs: it has no part in what is measured.
 */
export const Reporting = z.strictObject({
  every: z._default(z.enum(['day', 'week', 'never']), 'week'),
  onVerdictChange: z._default(z.boolean(), true),
  email: z._default(z.array(z.email('needs an e-mail address').check(z.maxLength(254))).check(z.maxLength(20)), []),
  /** A Slack-compatible webhook. Each message is signed. */
  webhook: z.optional(
    z.string().check(
      z.maxLength(2048),
      z.regex(/^https:\/\/[^\s/?#@\\]+([/?#]\S*)?$/i, 'needs an https address'),
      z.refine((url) => URL.canParse(url), 'is not an address'),
    ),
  ),
  /** An SNS topic. */
  topic: z.optional(
    z.string().check(z.regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'needs the ARN of an SNS topic')),
  ),
  /** Concludes by itself when the verdict names a winner, and gives everyone that. `POST …/ship` takes it back. */
  autoConclude: z._default(z.boolean(), false),
});
export type Reporting = z.output<typeof Reporting>;
