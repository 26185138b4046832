import { type Beta, requireBeta } from './beta.ts';
import { stirlingError } from './stirling.ts';

/** Within this distance of the peak the closed form of {@link Bell.cost} cancels, and its power series does not. */
const SERIES_WITHIN = 0.05;

/** Past this distance exp(u) is at home only in logarithms. */
const FAR = 30;

/** exp(u) saturates every slope and bend long before it overflows. */
const SATURATED = 300;

/**
 * A Beta distribution seen as the density of the *log-odds* of the rate.
 *
 * On that scale every Beta(a, b), with any a, b > 0, is one smooth bell: log-concave, without end-points and so without the
 * singularities that Beta(½, ½) has at 0 and 1, and analytic in a strip of half-width π. That is what lets a few Gauss nodes
 * integrate it to the last digit, at ten visitors or at 1e8.
 *
 * Positions `u` are log-odds measured *from the peak*, log(a / b). Small distances keep their digits that way: at 1e8
 * visitors the bell is 1e-4 wide, and the position of its peak alone would cost four of sixteen digits.
 *
 *     density(u) = peak · exp(-cost(u))
 *     cost(u)    = n · (log(q + p·e^u) - p·u)          p = a / n, q = b / n, n = a + b
 *     peak       = √(n p q / 2π) · exp(ε(n) - ε(a) - ε(b))       ε = stirlingError
 */
export class Bell {
  readonly alpha: number;
  readonly beta: number;
  /** The log-odds of the peak. */
  readonly centre: number;
  /** The density at the peak, per unit of log-odds. */
  readonly peak: number;

  /** +1, or -1 where success is the likelier half: the bell is then worked out from its mirror image, so that p ≤ ½. */
  readonly #side: 1 | -1;
  readonly #n: number;
  readonly #p: number;
  readonly #q: number;
  readonly #npq: number;
  /** Coefficients of u², u³, … u⁹ in the cost: cumulants of a Bernoulli(p) variable over factorials, times n. */
  readonly #c2: number;
  readonly #c3: number;
  readonly #c4: number;
  readonly #c5: number;
  readonly #c6: number;
  readonly #c7: number;
  readonly #c8: number;
  readonly #c9: number;

  constructor(belief: Beta) {
    requireBeta('Bell', belief);
    const { alpha, beta } = belief;
    const n = alpha + beta;
    const p = Math.min(alpha, beta) / n;
    const q = Math.max(alpha, beta) / n;
    const w = p * q;
    const skew = q - p;
    this.#side = alpha <= beta ? 1 : -1;
    this.alpha = alpha;
    this.beta = beta;
    this.#n = n;
    this.#p = p;
    this.#q = q;
    this.#npq = n * w;
    this.#c2 = (n * w) / 2;
    this.#c3 = (n * w * skew) / 6;
    this.#c4 = (n * w * (1 - 6 * w)) / 24;
    this.#c5 = (n * w * skew * (1 - 12 * w)) / 120;
    this.#c6 = (n * w * (1 - w * (30 - 120 * w))) / 720;
    this.#c7 = (n * w * skew * (1 - w * (60 - 360 * w))) / 5040;
    this.#c8 = (n * w * (1 - w * (126 - w * (1680 - 5040 * w)))) / 40320;
    this.#c9 = (n * w * skew * (1 - w * (252 - w * (5040 - 20160 * w)))) / 362880;
    this.centre = Math.log(alpha / beta);
    this.peak =
      Math.sqrt(this.#npq / (2 * Math.PI)) * Math.exp(stirlingError(n) - stirlingError(alpha) - stirlingError(beta));
  }

  /** How many nats (natural-log units) the density has fallen from its peak at distance `u`. Convex, zero at the peak. */
  cost(u: number): number {
    const v = this.#side * u;
    if (v < SERIES_WITHIN && v > -SERIES_WITHIN) {
      const third =
        this.#c3 + v * (this.#c4 + v * (this.#c5 + v * (this.#c6 + v * (this.#c7 + v * (this.#c8 + v * this.#c9)))));
      return v * v * (this.#c2 + v * third);
    }
    if (v > FAR) return this.#n * (this.#q * v + Math.log(this.#p) + Math.log1p((this.#q / this.#p) * Math.exp(-v)));
    return this.#n * (Math.log1p(this.#p * Math.expm1(v)) - this.#p * v);
  }

  /** The first derivative of the cost: n · (rate(u) - p). */
  slope(u: number): number {
    const growth = Math.expm1(Math.min(this.#side * u, SATURATED));
    return (this.#side * this.#npq * growth) / (1 + this.#p * growth);
  }

  /** The second derivative of the cost: n · rate(u) · (1 - rate(u)). */
  bend(u: number): number {
    const growth = Math.expm1(Math.min(this.#side * u, SATURATED));
    const stretch = 1 + this.#p * growth;
    return (this.#npq * (1 + growth)) / stretch / stretch;
  }

  density(u: number): number {
    return this.peak * Math.exp(-this.cost(u));
  }

  /** How far from the peak a rate lies, given with its complement so that either may be tiny. */
  distanceOf(rate: number, failure: number): number {
    return Math.log((rate * this.beta) / (failure * this.alpha));
  }

  /** The rate at distance `u`. Small rates keep their relative accuracy. */
  rate(u: number): number {
    return this.#side > 0 ? this.#rarer(u) : this.#likelier(-u);
  }

  /** One minus the rate, with its own digits. */
  failure(u: number): number {
    return this.#side > 0 ? this.#likelier(u) : this.#rarer(-u);
  }

  #rarer(v: number): number {
    const odds = (this.#p / this.#q) * Math.exp(Math.min(v, SATURATED));
    return odds / (1 + odds);
  }

  #likelier(v: number): number {
    return 1 / (1 + (this.#p / this.#q) * Math.exp(Math.min(v, SATURATED)));
  }
}
