import { at } from './at.ts';
import type { Bell } from './bell.ts';
import { tailOf } from './bell-tail.ts';
import type { Curve } from './curve.ts';
import { NODES } from './gauss-legendre.ts';

/** From here exp(-|y|) is beneath notice beside one, and soon beneath the smallest double. */
const FAR = 600;

/**
 * A belief about a rate on a line where the rate is start + length · logistic(y).
 *
 * "B's rate is at most A's plus d" compares A, moved by d, with B. Both then live on [0, 1] only in part; the line runs over
 * the part they share, and what either has outside it is kept as `before` and `after`. Where a rate goes to 0 or 1 within the
 * shared part it does so exponentially in y, so the singularities and kinks that a moved Beta has in the rate itself never
 * meet the quadrature. With start 0 and length 1 this is the line of log-odds.
 */
export class OverlapCurve implements Curve {
  readonly heart: number;
  readonly before: number;
  readonly after: number;
  readonly #bell: Bell;
  readonly #start: number;
  readonly #length: number;
  readonly #rest: number;
  readonly #linger: number;

  /**
   * `rest` is 1 - start - length, given by the caller because the subtraction would lose a small one. Towards an end where this
   * rate stops short of 0 or 1, its density on the line falls like exp(-|y|) while the other curve's may fall like
   * exp(-exponent · |y|): with `linger` = min(1, exponent) this one is followed as far, for the sake of where they tie.
   */
  constructor(bell: Bell, start: number, length: number, rest: number, linger: number) {
    this.#linger = Math.min(1, linger);
    this.#bell = bell;
    this.#start = start;
    this.#length = length;
    this.#rest = rest;
    this.before = start > 0 ? tailOf(bell, bell.distanceOf(start, length + rest), -1) : 0;
    this.after = rest > 0 ? tailOf(bell, bell.distanceOf(start + length, rest), 1) : 0;
    this.heart = this.#lowest();
  }

  cost(y: number): number {
    const { distance, stretch } = this.#place(y);
    return this.#bell.cost(distance) - this.#linger * Math.log(stretch);
  }

  slope(y: number): number {
    const { distance, stretch, stretching } = this.#place(y);
    return this.#bell.slope(distance) * stretch - this.#linger * stretching;
  }

  bend(y: number): number {
    const { distance, stretch, stretching, evenness } = this.#place(y);
    const turned = Math.abs(this.#bell.slope(distance) * stretch * stretching);
    return this.#bell.bend(distance) * stretch * stretch + turned + evenness;
  }

  fill(positions: Float64Array, densities: Float64Array, start: number): void {
    for (let node = start; node < start + NODES; node += 1) {
      const { distance, stretch } = this.#place(at(positions, node));
      densities[node] = this.#bell.density(distance) * stretch;
    }
  }

  /**
   * Where the line's y lies on the bell: the log-odds of the rate as a `distance` from the peak, its derivative `stretch`, and
   * the derivative of log stretch, `stretching`.
   */
  #place(y: number): Place {
    if (y < -FAR && this.#start === 0) {
      return { distance: y + Math.log(this.#length) - this.#bell.centre, stretch: 1, stretching: 0, evenness: 0 };
    }
    if (y > FAR && this.#rest === 0) {
      return { distance: y - Math.log(this.#length) - this.#bell.centre, stretch: 1, stretching: 0, evenness: 0 };
    }
    const small = Math.exp(-Math.abs(y));
    const major = 1 / (1 + small);
    const minor = small * major;
    const share = y < 0 ? minor : major;
    const left = y < 0 ? major : minor;
    const rate = this.#start + this.#length * share;
    const failure = this.#rest + this.#length * left;
    const stretch = ((this.#length * share) / rate) * (left / failure);
    return {
      distance: this.#bell.distanceOf(rate, failure),
      stretch,
      stretching: left - share - stretch * (failure - rate),
      evenness: 2 * share * left,
    };
  }

  /** Where the cost is least, to a tenth of a width: Newton on the slope within a bracket. */
  #lowest(): number {
    let from = -1;
    let until = 1;
    while (this.slope(from) > 0 && from > -1e9) from *= 2;
    while (this.slope(until) < 0 && until < 1e9) until *= 2;
    const [share, left] = [this.#bell.rate(0) - this.#start, this.#bell.failure(0) - this.#rest];
    let y = share > 0 && left > 0 ? Math.log(share / left) : 0;
    for (let round = 0; round < 60; round += 1) {
      const slope = this.slope(y);
      const bend = this.bend(y);
      if (slope * slope < bend * 0.01) break;
      if (slope < 0) from = Math.max(from, y);
      else until = Math.min(until, y);
      const next = y - slope / bend;
      y = next > from && next < until ? next : (from + until) / 2;
    }
    return y;
  }
}

interface Place {
  readonly distance: number;
  readonly stretch: number;
  readonly stretching: number;
  /** 2 · logistic(y) · logistic(-y): what the line itself bends. */
  readonly evenness: number;
}
