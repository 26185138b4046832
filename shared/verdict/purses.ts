import type { Policy } from '../experiment/policy.ts';

/**
 * How the false-winner rate of a policy is spent: one fifth on looks at the evidence, on any day, and four fifths on the one look at
 * the planned end, where most experiments are decided. Together they never cost more than the policy allows.
 *
 * @example pursesOf({ falseWinnerRate: 0.05 }) // { alphaEarly: 0.01, alphaEnd: 0.04 }
 */
export const pursesOf = ({ falseWinnerRate }: Pick<Policy, 'falseWinnerRate'>) => ({
  alphaEarly: falseWinnerRate / 5,
  alphaEnd: (falseWinnerRate * 4) / 5,
});
