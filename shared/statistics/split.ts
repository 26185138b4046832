import { at } from './at.ts';
import type { Bell } from './bell.ts';
import { logistic } from './logit.ts';
import { OverlapCurve } from './overlap-curve.ts';
import { panelsUnder } from './panels.ts';

/** A distribution cut in two at one point: the probability below it, above it, and the density there. */
export interface Split {
  readonly below: number;
  readonly above: number;
  readonly density: number;
}

/**
 * The distribution of p_treatment - p_control, cut at d, -1 < d < 1.
 *
 * With the control moved up by d, both rates share a stretch of length 1 - |d|; on it
 * P(difference ≤ d) = ∫ g_control F_treatment, plus the part of the control that is above the stretch altogether.
 */
export function differenceSplit(control: Bell, treatment: Bell, d: number): Split {
  const down = Math.max(0, -d);
  const up = Math.max(0, d);
  const length = 1 - Math.abs(d);
  const [controlLinger, treatmentLinger] = d > 0 ? [treatment.beta, control.alpha] : [treatment.alpha, control.beta];
  return splitOf(
    new OverlapCurve(control, down, length, up, controlLinger),
    new OverlapCurve(treatment, up, length, down, treatmentLinger),
    (y) => 1 / (length * logistic(y) * logistic(-y)),
  );
}

/** The distribution of log(p_treatment / p_control), cut at `logRatio`: the same with the control stretched instead of moved. */
export function logRatioSplit(control: Bell, treatment: Bell, logRatio: number): Split {
  // expm1 keeps 1 - ratio exact for ratios next to one, and for ratios too small or large to matter it saturates.
  const shrunk = Math.exp(-Math.abs(logRatio));
  const rest = -Math.expm1(-Math.abs(logRatio));
  const [controlLength, controlRest] = logRatio > 0 ? [shrunk, rest] : [1, 0];
  const [treatmentLength, treatmentRest] = logRatio > 0 ? [1, 0] : [shrunk, rest];
  return splitOf(
    new OverlapCurve(control, 0, controlLength, controlRest, treatment.beta),
    new OverlapCurve(treatment, 0, treatmentLength, treatmentRest, control.beta),
    (y) => 1 / logistic(-y),
  );
}

/** `perUnit` is dy over d(what is being cut): it turns the density of a tie at y into that of the difference or ratio. */
function splitOf(control: OverlapCurve, treatment: OverlapCurve, perUnit: (y: number) => number): Split {
  const { positions, weights, strands } = panelsUnder([control, treatment]);
  const [own, other] = strands as [(typeof strands)[0], (typeof strands)[0]];
  let below = control.after;
  let above = control.before;
  let density = 0;
  for (let node = 0; node < positions.length; node += 1) {
    const g = at(weights, node) * at(own.density, node);
    below += g * at(other.below, node);
    above += g * at(other.above, node);
    const tie = g * at(other.density, node);
    if (tie > 0) density += tie * perUnit(at(positions, node));
  }
  // Both sides carry the same rounding of the densities' constants, up to 1e-12 at 1e8 visitors; together they are one.
  const whole = below + above;
  return { below: below / whole, above: above / whole, density: density / whole };
}
