import * as z from 'zod/mini';

const share = z.number().check(z.positive(), z.lt(1));

/**
 * What has to be true before a verdict names a winner. Frozen when the experiment starts:
 * a policy that follows the data is no policy.
 */
export const Policy = z.strictObject({
  /** P(best) the leader needs. */
  probability: z._default(share, 0.95),
  /** Expected loss the leader may have, as a share of the control's goal rate. */
  expectedLoss: z._default(share, 0.01),
  /** Half-width of the region of practical equivalence, as a relative difference of goal rates. */
  equivalence: z._default(share, 0.01),
  /** The relative effect worth finding; sets the scale of the evidence and the plan's length. */
  effect: z._default(z.number().check(z.positive(), z.maximum(10)), 0.1),
  /** False-winner rate of the whole policy; four fifths are spent at the planned end, one fifth on the looks before it. */
  falseWinnerRate: z._default(share, 0.05),
  /** Full days of mature cohorts before any verdict. */
  minimumDays: z._default(z.int().check(z.minimum(1), z.maximum(365)), 7),
  /** Verdicts wait for whole weeks, so that no weekday counts twice. */
  wholeWeeks: z._default(z.boolean(), true),
  /** Goals every variant needs before any verdict, unless it is due twice as many and has lost most of them. */
  minimumGoals: z._default(z.int().check(z.minimum(1), z.maximum(1_000_000)), 20),
  /** Days of mature cohorts after which the planned end is reached. */
  plannedDays: z._default(z.int().check(z.minimum(1), z.maximum(730)), 28),
  /** Standard deviation, in log odds, of the sceptical prior that the verdict's words are checked against. */
  scepticism: z._default(z.number().check(z.positive(), z.maximum(10)), 0.1),
});
export type Policy = z.output<typeof Policy>;
