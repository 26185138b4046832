import { at } from './at.ts';
import type { Bell } from './bell.ts';
import type { Curve } from './curve.ts';
import { NODES } from './gauss-legendre.ts';

/** A bell on the line of log-odds, measured from `origin`; `offset` is the origin's distance from the bell's own peak. */
export class BellCurve implements Curve {
  readonly heart: number;
  readonly before = 0;
  readonly after = 0;
  readonly #bell: Bell;
  readonly #offset: number;

  constructor(bell: Bell, offset: number) {
    this.#bell = bell;
    this.#offset = offset;
    this.heart = -offset;
  }

  cost(y: number): number {
    return this.#bell.cost(y + this.#offset);
  }

  slope(y: number): number {
    return this.#bell.slope(y + this.#offset);
  }

  bend(y: number): number {
    return this.#bell.bend(y + this.#offset);
  }

  fill(positions: Float64Array, densities: Float64Array, start: number): void {
    for (let node = start; node < start + NODES; node += 1) {
      densities[node] = this.#bell.density(at(positions, node) + this.#offset);
    }
  }
}
