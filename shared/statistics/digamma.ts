/** From here the asymptotic series are exact to the last bit; below, the recurrences climb up to it. */
const SERIES_FROM = 12;

/**
 * ψ(z), the derivative of log Γ. The mean of log X for X ~ Beta(a, b) is ψ(a) - ψ(a + b).
 *
 * Domain: z > 0. Absolute error below 1e-15 times max(1, |ψ|).
 * @see https://dlmf.nist.gov/5.11.ii
 * @example digamma(1) // -0.577215664901533, minus Euler's constant
 */
export function digamma(z: number): number {
  requirePositive('digamma', z);
  let climbed = 0;
  let y = z;
  for (; y < SERIES_FROM; y += 1) climbed -= 1 / y;
  const r = 1 / (y * y);
  const series =
    r *
    (1 / 12 -
      r *
        (1 / 120 -
          r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r * (1 / 12 - (r * 3617) / 8160)))))));
  return climbed + Math.log(y) - 0.5 / y - series;
}

/**
 * ψ₁(z), the derivative of ψ. The variance of log X for X ~ Beta(a, b) is ψ₁(a) - ψ₁(a + b).
 *
 * Domain: z > 0. Relative error below 1e-15.
 * @see https://dlmf.nist.gov/5.15
 * @example trigamma(1) // 1.64493406684823 = π² / 6
 */
export function trigamma(z: number): number {
  requirePositive('trigamma', z);
  let climbed = 0;
  let y = z;
  for (; y < SERIES_FROM; y += 1) climbed += 1 / (y * y);
  const r = 1 / (y * y);
  const series =
    1 / 6 -
    r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - r * (691 / 2730 - r * (7 / 6 - (r * 3617) / 510))))));
  return climbed + 1 / y + r / 2 + (series * r) / y;
}

function requirePositive(name: string, z: number): void {
  if (!(z > 0 && z < Infinity)) throw new RangeError(`${name} requires a positive finite argument, got ${z}`);
}
