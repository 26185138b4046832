import jStat from 'jstat';
import type { Beta } from '#shared/statistics/beta.ts';
import { sampleBeta } from '#shared/statistics/jstat.ts';

/** What is usually written with jStat to compare two conversion rates: the peers of the bench, not of the product. */

const DRAWS = 100_000;

/** P(B > A) and both losses from pairs of draws. */
export function monteCarlo(a: Beta, b: Beta): { chance: number; lossA: number; lossB: number } {
  let wins = 0;
  let lossA = 0;
  let lossB = 0;
  for (let i = 0; i < DRAWS; i += 1) {
    const gap = sampleBeta(b.alpha, b.beta) - sampleBeta(a.alpha, a.beta);
    if (gap > 0) {
      wins += 1;
      lossA += gap;
    } else lossB -= gap;
  }
  return { chance: wins / DRAWS, lossA: lossA / DRAWS, lossB: lossB / DRAWS };
}

/** The same with 95 % intervals of both rates and of the relative uplift, from the sorted draws. */
export function monteCarloWithIntervals(a: Beta, b: Beta): number[][] {
  const draws = [new Float64Array(DRAWS), new Float64Array(DRAWS), new Float64Array(DRAWS)] as const;
  let wins = 0;
  for (let i = 0; i < DRAWS; i += 1) {
    const rateA = sampleBeta(a.alpha, a.beta);
    const rateB = sampleBeta(b.alpha, b.beta);
    if (rateB > rateA) wins += 1;
    draws[0][i] = rateA;
    draws[1][i] = rateB;
    draws[2][i] = rateB / rateA - 1;
  }
  return [[wins / DRAWS], ...draws.map((values) => ends(values.sort()))];
}
const ends = (sorted: Float64Array) => [sorted[DRAWS * 0.025] ?? Number.NaN, sorted[DRAWS * 0.975] ?? Number.NaN];

/** Evan Miller's exact sum for P(B > A): one term, two log-betas, for every conversion of B. */
export function closedForm(a: Beta, b: Beta): number {
  const atA = jStat.betaln(a.alpha, a.beta);
  let total = 0;
  for (let i = 0; i < b.alpha; i += 1) {
    total += Math.exp(
      jStat.betaln(a.alpha + i, b.beta + a.beta) - Math.log(b.beta + i) - jStat.betaln(1 + i, b.beta) - atA,
    );
  }
  return total;
}

/** Simpson's rule for ∫ pdf_B · cdf_A over eight standard deviations of B, 400 steps. */
export function simpson(a: Beta, b: Beta): number {
  const mean = b.alpha / (b.alpha + b.beta);
  const sd = Math.sqrt((mean * (1 - mean)) / (b.alpha + b.beta));
  const from = Math.max(1e-12, mean - 8 * sd);
  const until = Math.min(1 - 1e-12, mean + 8 * sd);
  const steps = 400;
  const h = (until - from) / steps;
  let total = 0;
  for (let i = 0; i <= steps; i += 1) {
    const x = from + i * h;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    total += weight * jStat.beta.pdf(x, b.alpha, b.beta) * jStat.beta.cdf(x, a.alpha, a.beta);
  }
  return (total * h) / 3;
}
