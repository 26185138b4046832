/**
 * A density along a line that several densities share, described well enough to integrate all of them together.
 *
 * There are two: the bell of log-odds itself ({@link bellCurve}), for questions such as "which rate is highest", and a bell
 * seen through a shift or a stretch of the rate ({@link overlapCurve}), for "is B's rate more than A's plus d".
 */
export interface Curve {
  /** Where the density is (about) highest. */
  readonly heart: number;
  /** Probability that lies off the line, before its beginning and after its end. */
  readonly before: number;
  readonly after: number;
  /** Nats below the peak of the underlying bell: -log density, up to a constant. */
  cost(y: number): number;
  slope(y: number): number;
  bend(y: number): number;
  /** Writes the density at each of the sixteen positions from `start` into the same places of `densities`. */
  fill(positions: Float64Array, densities: Float64Array, start: number): void;
}
