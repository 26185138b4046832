import type { Reason } from './verdict.ts';
import { people, percent } from './words.ts';

/** From this share on it is worth a reader's time. */
const WORTH_SAYING = 0.005;

/**
 * People who had two variants before they were known by one id. Noted and never failed: each is counted under the variant they
 * were known with, which chance gave them like any other, so the comparison stays fair; but they carry some of the
 * other variant with them, and a true difference looks smaller than it is by about their share.
 */
export function identityReasons(conflicts?: { readonly visitors: number; readonly conflicting: number }): Reason[] {
  if (conflicts === undefined || conflicts.conflicting === 0) return [];
  const share = conflicts.conflicting / conflicts.visitors;
  if (share < WORTH_SAYING) return [];
  return [
    {
      check: 'identity',
      outcome: 'noted',
      text: `${people(conflicts.conflicting)} visitors, ${percent(share)}, had another variant before they were known; they are counted once, and a difference looks smaller by about that share`,
      value: share,
      needed: WORTH_SAYING,
    },
  ];
}
