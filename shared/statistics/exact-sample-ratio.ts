import { logBeta, logGamma } from './log-gamma.ts';

/** Outcomes to walk through one by one; beyond that the pairwise bound is as good and costs nothing. */
const MOST_OUTCOMES = 100_000;

/** Two outcomes equally likely on paper may differ in the last digits; R's binom.test uses the same margin. */
const AS_LIKELY = 1e-7;

/**
 * Exact p-value of counts under fixed shares: the total probability of all outcomes at most as likely as this one.
 *
 * Two variants by the binomial distribution at any size; more by walking through the multinomial, and where that has too
 * many outcomes by the smallest of each variant's binomial p-value against all others, times their number (Bonferroni:
 * still exact in the sense that matters, it never alarms more often than it says).
 *
 * Domain: shares positive and summing to one.
 * @example exactSampleRatio([1, 9], [0.5, 0.5]) // 0.021484375
 */
export function exactSampleRatio(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length === 2) return binomialTwoSided(counts[0] ?? 0, total, shares[0] ?? 0);
  if (outcomes(total, counts.length) <= MOST_OUTCOMES) return multinomial(counts, shares, total);
  const smallest = Math.min(...counts.map((count, i) => binomialTwoSided(count, total, shares[i] ?? 0)));
  return Math.min(1, smallest * counts.length);
}

/** How many ways there are to share out `total` visitors: (total + k - 1) over (k - 1). */
function outcomes(total: number, variants: number): number {
  let ways = 1;
  for (let i = 1; i < variants; i += 1) ways *= (total + i) / i;
  return ways;
}

function multinomial(counts: readonly number[], shares: readonly number[], total: number): number {
  const logShares = shares.map(Math.log);
  const logFactorial = Array.from({ length: total + 1 }, (_, n) => logGamma(n + 1));
  const weight = (variant: number, count: number) => count * (logShares[variant] ?? 0) - (logFactorial[count] ?? 0);
  const whole = logFactorial[total] ?? 0;
  const observed = counts.reduce((sum, count, variant) => sum + weight(variant, count), whole);

  const tail = (variant: number, left: number, soFar: number): number => {
    if (variant === counts.length - 1) {
      const outcome = soFar + weight(variant, left);
      return outcome <= observed + AS_LIKELY ? Math.exp(outcome) : 0;
    }
    let sum = 0;
    for (let count = 0; count <= left; count += 1)
      sum += tail(variant + 1, left - count, soFar + weight(variant, count));
    return sum;
  };
  return Math.min(1, tail(0, total, whole));
}

function binomialTwoSided(successes: number, trials: number, share: number): number {
  const logProbability = (x: number) =>
    x * Math.log(share) + (trials - x) * Math.log1p(-share) - Math.log1p(trials) - logBeta(x + 1, trials - x + 1);
  const limit = logProbability(successes) + AS_LIKELY;
  const mode = Math.min(trials, Math.floor((trials + 1) * share));
  // The distribution climbs to its mode and falls after it: each tail starts where it drops to the observed likelihood.
  const low = lastTrue(-1, mode, (x) => x < 0 || logProbability(x) <= limit);
  if (low === mode) return 1;
  const high = trials + 1 - lastTrue(-1, trials - mode, (x) => x < 0 || logProbability(trials - x) <= limit) - 1;

  const odds = share / (1 - share);
  const lower = low < 0 ? 0 : tailSum(logProbability(low), low, (x) => x / (trials - x + 1) / odds, -1, -1);
  const upper =
    high > trials ? 0 : tailSum(logProbability(high), high, (x) => ((trials - x) / (x + 1)) * odds, 1, trials + 1);
  return Math.min(1, lower + upper);
}

/** The largest whole number in [from, to] that passes a test which holds up to some point and not after it. */
function lastTrue(from: number, to: number, holds: (x: number) => boolean): number {
  let low = from;
  let high = to + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Terms outwards from x, each the one before times `ratio`, until they no longer matter. */
function tailSum(logFirst: number, from: number, ratio: (x: number) => number, step: 1 | -1, end: number): number {
  let term = 1;
  let sum = 0;
  for (let x = from; x !== end && term > sum * Number.EPSILON * 0.01; x += step) {
    sum += term;
    term *= ratio(x);
  }
  return sum * Math.exp(logFirst);
}
