import type { Reason } from './verdict.ts';

/** A demand of the policy, whether it is met, and the sentence that says so. */
export const reason = (
  check: Reason['check'],
  passed: boolean,
  value: number,
  needed: number | undefined,
  text: string,
): Reason => ({
  check,
  outcome: passed ? 'passed' : 'failed',
  text,
  ...(Number.isFinite(value) && { value }),
  ...(needed !== undefined && { needed }),
});
