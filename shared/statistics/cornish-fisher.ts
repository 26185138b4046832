/** The first four cumulants of a distribution: mean, variance, and what skews and fattens it. */
export interface Cumulants {
  readonly mean: number;
  readonly variance: number;
  readonly third: number;
  readonly fourth: number;
}

/** Skewness beyond which the expansion bends back on itself and a straight line is the better guess. */
const MOST_SKEW = 0.5;

/** The cumulants of x - y for independent x and y. */
export const cumulantsOfDifference = (x: Cumulants, y: Cumulants): Cumulants => ({
  mean: x.mean - y.mean,
  variance: x.variance + y.variance,
  third: x.third - y.third,
  fourth: x.fourth + y.fourth,
});

/**
 * Where the quantile of Φ(z) lies, guessed from four cumulants: right to about n^(-3/2) of a standard deviation after n
 * conversions. A place to start from, never a result.
 * @see https://en.wikipedia.org/wiki/Cornish–Fisher_expansion
 */
export function cornishFisher({ mean, variance, third, fourth }: Cumulants): (z: number) => number {
  const sd = Math.sqrt(variance);
  const skew = third / variance / sd;
  const kurtosis = fourth / variance / variance;
  if (!(Math.abs(skew) < MOST_SKEW)) return (z) => mean + sd * z;
  return (z) => {
    const bow = (skew * (z * z - 1)) / 6;
    const twist = (kurtosis * (z * z * z - 3 * z)) / 24 - (skew * skew * (2 * z * z * z - 5 * z)) / 36;
    return mean + sd * (z + bow + twist);
  };
}
