import * as z from 'zod/mini';

/**
 * Who sets the weights. `fixed`: whoever writes the definition. `thompson` moves traffic to what is probably best, to earn
 * while learning; `top-two` moves it to the best and its challengers, to learn soonest (for two variants that is the even
 * split). Both are computed from P(best), never drawn, at most once a day, and every change opens a weight epoch.
 */
export const Allocation = z.strictObject({
  kind: z._default(z.enum(['fixed', 'thompson', 'top-two']), 'fixed'),
  /** The least share of the traffic a variant keeps, so that it can still be measured. */
  floor: z._default(z.number().check(z.minimum(0.01), z.maximum(0.1)), 0.05),
});
export type Allocation = z.output<typeof Allocation>;
