import { stirlingError } from '#shared/statistics/stirling.ts';

/** A seeded source of randomness; the same seed gives the same numbers on every machine. */
export type Random = {
  /** Uniform on [0, 1), 32 bits. */
  readonly uniform: () => number;
  readonly normal: () => number;
  /** With the given mean. */
  readonly exponential: (mean: number) => number;
  /** Exact, in constant time however many trials. */
  readonly binomial: (trials: number, rate: number) => number;
};

/** xoshiro128** (Blackman & Vigna), its state filled by splitmix32. */
export function seeded(seed: number): Random {
  const next = splitmix32(seed);
  let [a, b, c, d] = [next(), next(), next(), next()];
  const uniform = () => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    return (result >>> 0) / 2 ** 32;
  };
  // Above zero, so that its logarithm exists.
  const positive = () => 1 - uniform();
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(positive())) * Math.cos(2 * Math.PI * uniform()),
    exponential: (mean) => -mean * Math.log(positive()),
    binomial: (trials, rate) => {
      if (rate <= 0 || trials === 0) return 0;
      if (rate >= 1) return trials;
      if (rate > 0.5) return trials - fewSuccesses(trials, 1 - rate, uniform);
      return fewSuccesses(trials, rate, uniform);
    },
  };
}

const rotated = (x: number, by: number) => (x << by) | (x >>> (32 - by));

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
}

/** Below this mean, walking up the distribution from zero is quickest; above it, rejection under a hat. */
const REJECTION_FROM = 10;

function fewSuccesses(trials: number, rate: number, uniform: () => number): number {
  return trials * rate < REJECTION_FROM
    ? byInversion(trials, rate, uniform)
    : byTransformedRejection(trials, rate, uniform);
}

function byInversion(trials: number, rate: number, uniform: () => number): number {
  const odds = rate / (1 - rate);
  let left = uniform();
  let probability = Math.exp(trials * Math.log1p(-rate));
  let successes = 0;
  while (left > probability && successes < trials) {
    left -= probability;
    probability *= ((trials - successes) / (successes + 1)) * odds;
    successes += 1;
  }
  return successes;
}

/** Hörmann's BTRS, "The generation of binomial random variates", J. Stat. Comput. Simul. 1993. Constants are his. */
function byTransformedRejection(trials: number, rate: number, uniform: () => number): number {
  const sd = Math.sqrt(trials * rate * (1 - rate));
  const b = 1.15 + 2.53 * sd;
  const a = -0.0873 + 0.0248 * b + 0.01 * rate;
  const c = trials * rate + 0.5;
  const inside = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * sd;
  const odds = rate / (1 - rate);
  const mode = Math.floor((trials + 1) * rate);
  for (;;) {
    const u = uniform() - 0.5;
    const v = 1 - uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= inside) return k;
    if (k < 0 || k > trials) continue;
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
      (trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1)) +
      (k + 0.5) * Math.log((odds * (trials - k + 1)) / (k + 1)) +
      stirlingError(mode + 1) +
      stirlingError(trials - mode + 1) -
      stirlingError(k + 1) -
      stirlingError(trials - k + 1);
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k;
  }
}
