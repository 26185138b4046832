import * as z from 'zod/mini';
import { oneLine } from './plain-text.ts';
import { slug } from './slug.ts';

/** Where in the story of persuasion a step stands; lets steps of different experiments be compared. */
export const STAGES = ['hook', 'action', 'engagement', 'reinforcement', 'conversion'] as const;
export type Stage = (typeof STAGES)[number];

/** One ask. Its position in the variant's list is its rung: 1 for the first, K for the goal. */
export const Step = z.strictObject({
  id: slug('a step id'),
  name: oneLine(120),
  stage: z.optional(z.enum(STAGES)),
  /** Where a redirect or an e-mail link for this step lands. Only http and https; the host must be allowed by the installation. */
  url: z.optional(
    z.string().check(
      z.maxLength(2048),
      z.regex(/^https?:\/\/[^\s/?#@\\]+([/?#]\S*)?$/i, 'needs an absolute http or https address'),
      z.regex(/^[\x21-\x7e]*$/, 'may hold printable ASCII only, because a header carries it; percent-encode the rest'),
      z.refine((url) => URL.canParse(url), 'is not an address'),
    ),
  ),
  /**
   * False when nobody counts this step, so that it is known only because a later one implies it.
   * A report then shows no drop-off at it: there is no number to read one from.
   */
  observed: z._default(z.boolean(), true),
  /**
   * `servers` where the step counts only if a server tells of it, with a secret key. A page's key is in everybody's hands, so what
   * pages tell can be made up; a goal that is worth lying about is better told by whatever takes the money.
   */
  recordedBy: z.optional(z.enum(['anyone', 'servers'])),
  /**
   * What may make the step hard, to be compared across experiments: how many choices it offers, how many seconds its page takes,
   * whether its instructions are clear. Descriptive; nothing is decided by it.
   */
  frictions: z.optional(
    z
      .record(slug('a friction'), z.union([z.string().check(z.maxLength(64)), z.number(), z.boolean()]))
      .check(z.refine((frictions) => Object.keys(frictions).length <= 8, 'has more than 8 frictions')),
  ),
  /** Days after assignment in which the step still counts, when shorter than the experiment's window. */
  windowDays: z.optional(z.number().check(z.positive(), z.maximum(365))),
});
export type Step = z.output<typeof Step>;
