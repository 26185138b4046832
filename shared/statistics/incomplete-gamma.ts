import { stirlingError } from './stirling.ts';

/**
 * The chance that a chi-squared variable with `df` degrees of freedom exceeds `x`: the p-value of Pearson's test.
 *
 * It is Q(df/2, x/2), the regularised upper incomplete gamma function, and keeps its full relative accuracy into the far
 * tail (1e-14 at p = 1e-300). jstat's `1 - chisquare.cdf` has nothing left below 1e-16; that is why it is not used.
 *
 * Domain: x ≥ 0, df > 0.
 * @see https://dlmf.nist.gov/8.2
 * @example chiSquaredSurvival(3.841458820694124, 1) // 0.05
 */
export function chiSquaredSurvival(x: number, df: number): number {
  return upperGamma(df / 2, x / 2);
}

/**
 * Q(a, x) = Γ(a, x) / Γ(a), the share of a gamma distribution of shape `a` above `x`.
 *
 * Below the mean by the power series of its complement, which is then no larger than about two thirds, above it by
 * Legendre's continued fraction: both run until they stop changing, so large shapes cost time (about √a terms), not digits.
 * @example upperGamma(1, 2) // 0.135335283236613 = exp(-2)
 */
export function upperGamma(a: number, x: number): number {
  if (!(a > 0 && a < Infinity)) throw new RangeError(`upperGamma requires a positive finite shape, got ${a}`);
  if (!(x >= 0)) throw new RangeError(`upperGamma requires a point at or above zero, got ${x}`);
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  return x < a + 1 ? 1 - powerFactor(a, x) * lowerSeries(a, x) : powerFactor(a, x) * upperFraction(a, x);
}

/** x^a exp(-x) / Γ(a), with the large parts of a log x - x - log Γ(a) cancelled on paper. */
function powerFactor(a: number, x: number): number {
  const excess = (x - a) / a;
  const decay = excess > -0.5 ? excess - Math.log1p(excess) : excess - Math.log(x / a);
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-a * decay - stirlingError(a));
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = a + 1; term > sum * Number.EPSILON * 0.25; n += 1) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

/** Lentz's evaluation of the continued fraction 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- …))). */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let i = 1; ; i += 1) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b || tiny);
    c = b + numerator / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) <= Number.EPSILON) return value;
  }
}
