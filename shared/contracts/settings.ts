import * as z from 'zod/mini';

/**
 * What holds for a whole installation. Half of all visitors at most: with more, the few who are left would be the experiment, and a
 * share written in per cent is refused rather than taken for everyone.
 */
export const SettingsRequest = z.strictObject({
  holdout: z.number().check(
    z.minimum(0),
    z.refine((share) => share <= 0.5, 'must be at most 0.5; it is a share of all visitors, so five per cent are 0.05'),
  ),
});
export type SettingsRequest = z.output<typeof SettingsRequest>;
