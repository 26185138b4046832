import { type Beta, posterior } from '#shared/statistics/beta.ts';
import { digamma, trigamma } from '#shared/statistics/digamma.ts';
import { normalCdf } from '#shared/statistics/jstat.ts';

/**
 * The posterior of a log-odds difference as a normal with the exact mean and variance: for simulations only, which ask
 * for millions of P(beats control). Within 2e-3 of the quadrature from twenty successes a variant on, and tested to be.
 */
export function quickDifference(control: Counts, treatment: Counts): { mean: number; variance: number } {
  const [a, b] = [posterior(...control), posterior(...treatment)];
  return { mean: logOdds(b) - logOdds(a), variance: spread(a) + spread(b) };
}

export type Counts = readonly [successes: number, trials: number];

/** P(treatment beats control) under a flat prior, or with a sceptical N(0, τ²) on the log-odds difference. */
export function quickBeats(control: Counts, treatment: Counts, tau = Infinity): number {
  const { mean, variance } = quickDifference(control, treatment);
  return normalCdf(mean / Math.sqrt(variance * (1 + variance / tau ** 2)));
}

const logOdds = ({ alpha, beta }: Beta) => digamma(alpha) - digamma(beta);
const spread = ({ alpha, beta }: Beta) => trigamma(alpha) + trigamma(beta);
