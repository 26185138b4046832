/**
 * Where the next visitors should go, computed from P(best) and not drawn: the same data give the same weights.
 *
 * Weights are shares of the traffic and sum to one. Each change of weights opens a new weight epoch, and the evidence is
 * stratified by it; raw rates pooled over epochs are biased as soon as anything drifts.
 */

/**
 * Thompson allocation: each variant's share is its probability of being the best. Earns while it learns, and starves what
 * it has given up on: use it with a floor of 3 to 5 %.
 */
export const thompsonAllocation = (best: readonly number[]): readonly number[] => [...best];

/**
 * Top-two allocation: `beta` of the traffic to what is probably best, the rest to its challengers, so that the question
 * "which one" is answered soonest.
 *
 * In words: draw a best variant; with probability 1 - β draw again until another one comes up. In closed form
 *
 *   share_i = α_i (β + (1 - β) Σ_{j ≠ i} α_j / (1 - α_j))
 *
 * `notBest` is 1 - α computed directly, because next to certainty the subtraction has no digits. For two variants with
 * β = ½ this is the even split. When a variant is certain beyond all digits, its challengers share 1 - β equally.
 * @see Russo, Simple Bayesian Algorithms for Best-Arm Identification, Operations Research 2020
 * @example topTwoAllocation([0.5, 0.5], [0.5, 0.5]) // [0.5, 0.5]
 */
export function topTwoAllocation(best: readonly number[], notBest: readonly number[], beta = 0.5): readonly number[] {
  if (!(beta > 0 && beta <= 1))
    throw new RangeError(`topTwoAllocation requires a beta between zero and one, got ${beta}`);
  if (best.length < 2) return best.map(() => 1);
  const certain = notBest.indexOf(0);
  if (certain >= 0) return best.map((_, i) => (i === certain ? beta : (1 - beta) / (best.length - 1)));
  return best.map((chance, i) => {
    // α_i α_j / (1 - α_j) is second place to j: finite also when α_j is nearly one, as α_i is then nearly zero.
    const second = best.reduce((sum, other, j) => (j === i ? sum : sum + (other * chance) / (notBest[j] ?? 1)), 0);
    return beta * chance + (1 - beta) * second;
  });
}

/**
 * Gives every variant at least `floor` of the traffic: floor + (1 - k floor) share. Keeps the order and the sum, and keeps
 * every variant measurable.
 * @example withFloor([1, 0], 0.05) // [0.95, 0.05]
 */
export function withFloor(weights: readonly number[], floor: number): readonly number[] {
  if (!(floor >= 0 && floor * weights.length <= 1))
    throw new RangeError(`withFloor requires a floor between zero and an equal share, got ${floor}`);
  return weights.map((weight) => floor + (1 - weights.length * floor) * weight);
}

/**
 * Moves from the present weights towards the wanted ones, no share by more than `cap` in one step: a day's whim of the data
 * should not turn the traffic over. The whole move is shortened, so that the weights still sum to one.
 * @example withChangeCap([0.5, 0.5], [1, 0], 0.2) // [0.7, 0.3]
 */
export function withChangeCap(present: readonly number[], wanted: readonly number[], cap = 0.2): readonly number[] {
  if (!(cap > 0)) throw new RangeError(`withChangeCap requires a positive cap, got ${cap}`);
  if (present.length !== wanted.length)
    throw new RangeError(`withChangeCap requires as many wanted weights as present ones, got ${wanted.length}`);
  const moves = wanted.map((weight, i) => weight - (present[i] ?? 0));
  const largest = Math.max(...moves.map(Math.abs));
  const stride = largest > cap ? cap / largest : 1;
  return moves.map((move, i) => (present[i] ?? 0) + stride * move);
}
