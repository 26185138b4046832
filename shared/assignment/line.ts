/**
 * The line. Every visitor is a point on it, every variant a half-open slice [from, end) of it.
 * All that divides traffic divides this one line of 2^32 integers, so that shares are exact and the last slice has no gap behind it.
 */
export const LINE = 4294967296;

/**
 * The ends of the slices of some integer weights, in order. Zero weights get empty slices; equal ratios get equal ends.
 *
 * The products are exact: ten weights of at most 100,000 times 2^32 stay below 2^53.
 * @example sliceEnds([1, 1]) // [2147483648, 4294967296]
 */
export function sliceEnds(weights: readonly number[]): number[] {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] as number;
  const ends: number[] = [];
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] as number;
    ends.push(Math.floor((LINE * sum) / total));
  }
  return ends;
}

/** The index of the slice that holds a point of the line. */
export function sliceAt(point: number, ends: readonly number[]): number {
  let index = 0;
  while (point >= (ends[index] as number)) index++;
  return index;
}

/**
 * The point of the line that a share in [0, 1] of it ends at: of traffic, of a holdout, of a slice of a layer. Only grows when the
 * share grows, and equal shares meet in one point, so that one slice may end where the next begins.
 */
export function pointAt(share: number): number {
  return Math.round(share * LINE);
}
