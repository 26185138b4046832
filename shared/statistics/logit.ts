/** exp(t) / (1 + exp(t)): a rate from its log-odds, without overflow at either end. @example logistic(0) // 0.5 */
export function logistic(t: number): number {
  if (t >= 0) return 1 / (1 + Math.exp(-t));
  const odds = Math.exp(t);
  return odds / (1 + odds);
}

/** log(p / (1 - p)): the log-odds of a rate. @example logit(0.5) // 0 */
export const logit = (p: number): number => (p < 0.5 ? Math.log(p) - Math.log1p(-p) : Math.log(p / (1 - p)));
