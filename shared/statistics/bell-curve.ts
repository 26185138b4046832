import type { Bell } from './bell.ts';
import type { Curve } from './curve.ts';

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

  density(y: number): number {
    return this.#bell.density(y + this.#offset);
  }
}
