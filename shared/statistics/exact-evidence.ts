import type { Stratum } from './evidence.ts';
import { logBeta } from './log-gamma.ts';

/**
 * The exact form of {@link scoreEvidence}: hypergeometric strata, mixed over ω ~ N(0, τ²).
 *
 *   E = ∫ ∏ over strata of exp(ω s_B) / E_hyp[exp(ω s)] · N(ω; 0, τ²) dω
 *
 * Each factor is a likelihood ratio given the stratum's margins, so E is an e-process at any sample size, under any drift
 * and any change of weights. Its cost grows with the conversions; it is here to check the closed form, and for experiments
 * so small that a Gaussian limit would be asked too much.
 *
 * Domain: up to about 1e5 conversions per stratum. Relative error of the integral below 1e-12 (trapezoid on a bell).
 * @see docs/statistics.md for why the evidence is its Gaussian limit
 * @example exactEvidence([{ controlTrials: 20, controlSuccesses: 0, treatmentTrials: 20, treatmentSuccesses: 5 },
 *   { controlTrials: 30, controlSuccesses: 2, treatmentTrials: 25, treatmentSuccesses: 6 }], 0.5).logEvidence // 1.47560462774599
 */
export function exactEvidence(strata: readonly Stratum[], tau: number) {
  if (!(tau > 0)) throw new RangeError(`exactEvidence requires a positive tau, got ${tau}`);
  const tilts = strata.map(tiltOf);
  const logDensity = (omega: number) =>
    tilts.reduce(
      (sum, tilt) => sum + tilt(omega),
      -(omega * omega) / (2 * tau * tau) - Math.log(tau * Math.sqrt(2 * Math.PI)),
    );
  const logEvidence = logIntegral(logDensity, tau);
  return { logEvidence, pValue: Math.min(1, Math.exp(-logEvidence)) };
}

/** ω ↦ log of exp(ω s_B) / E_hyp[exp(ω s)]: the likelihood ratio of log-odds ratio ω to zero, given the margins. */
function tiltOf({ controlTrials, controlSuccesses, treatmentTrials, treatmentSuccesses }: Stratum) {
  const successes = controlSuccesses + treatmentSuccesses;
  const first = Math.max(0, successes - controlTrials);
  const last = Math.min(treatmentTrials, successes);
  const whole = logChoose(controlTrials + treatmentTrials, successes);
  const logWeights = Array.from({ length: last - first + 1 }, (_, i) => {
    const s = first + i;
    return logChoose(treatmentTrials, s) + logChoose(controlTrials, successes - s) - whole;
  });
  return (omega: number) => {
    // Measured from what was observed, so that the largest exponent stays small.
    const logTerms = logWeights.map((weight, i) => weight + omega * (first + i - treatmentSuccesses));
    return -logSum(logTerms);
  };
}

const logChoose = (n: number, k: number) => -Math.log1p(n) - logBeta(k + 1, n - k + 1);

/** The integrand is log-concave: walk outwards from its peak in steps far finer than its width, until nothing is left. */
function logIntegral(logDensity: (x: number) => number, scale: number): number {
  const [peak, width] = peakOf(logDensity, scale);
  const step = width / 4;
  const height = logDensity(peak);
  let sum = 1;
  for (const direction of [-1, 1]) {
    for (let i = 1; ; i += 1) {
      const term = Math.exp(logDensity(peak + direction * i * step) - height);
      sum += term;
      if (term < 1e-18) break;
    }
  }
  return height + Math.log(sum * step);
}

/** Peak and width by Newton on numerical derivatives; both only place the nodes, so a few digits are plenty. */
function peakOf(logDensity: (x: number) => number, scale: number): readonly [number, number] {
  const h = scale * 1e-3;
  let x = 0;
  let bend = 0;
  for (let round = 0; round < 30; round += 1) {
    const [left, middle, right] = [logDensity(x - h), logDensity(x), logDensity(x + h)];
    bend = Math.max((2 * middle - left - right) / (h * h), 1 / (scale * scale));
    const move = (right - left) / (2 * h) / bend;
    x += Math.max(-scale, Math.min(scale, move));
    if (Math.abs(move) * Math.sqrt(bend) < 1e-3) break;
  }
  return [x, 1 / Math.sqrt(bend)];
}

function logSum(logTerms: readonly number[]): number {
  const largest = logTerms.reduce((a, b) => Math.max(a, b), -Infinity);
  return largest + Math.log(logTerms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}
