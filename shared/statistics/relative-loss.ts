import { at } from './at.ts';
import { Bell } from './bell.ts';
import { BellCurve } from './bell-curve.ts';
import { type Beta, requireBeta } from './beta.ts';
import { compareRates } from './comparison.ts';
import { NODES, runUp, weights } from './gauss-legendre.ts';
import { logistic } from './logit.ts';
import { PURE } from './panel-width.ts';
import { panelsUnder } from './panels.ts';

/** Expected loss of a choice as a share of the control's rate. */
export interface RelativeLoss {
  /** E[(p_T / p_C - 1)⁺]; null where it is infinite. */
  readonly choosingControl: number | null;
  /** E[(1 - p_T / p_C)⁺]: never more than one, so it always exists. */
  readonly choosingTreatment: number | null;
}

/**
 * What a wrong choice costs in relative terms. With no conversions in the control (alpha ≤ 1) the relative loss of choosing it
 * is infinite and reported as null: show the absolute loss there, never this.
 *
 * Dividing a Beta(α, β) density by the rate gives (n - 1) / (α - 1) times a Beta(α - 1, β) density. So for α > 1 both are
 * absolute losses against that distribution. For α ≤ 1 the one that exists is ∫ g_C(x) · (∫_0^x F_T) / x.
 * @example relativeLoss({ alpha: 1, beta: 11 }, { alpha: 2, beta: 12 }) // { choosingControl: null, choosingTreatment: 0.12734… }
 */
export function relativeLoss(control: Beta, treatment: Beta): RelativeLoss {
  requireBeta('relativeLoss', control);
  requireBeta('relativeLoss', treatment);
  if (control.alpha <= 1) {
    return { choosingControl: null, choosingTreatment: shareLost(control, treatment) };
  }
  const perRate = (control.alpha + control.beta - 1) / (control.alpha - 1);
  const weighted = { alpha: control.alpha - 1, beta: control.beta };
  const [choosingControl, choosingTreatment] = compareRates([weighted, treatment]).expectedLoss as [number, number];
  return { choosingControl: perRate * choosingControl, choosingTreatment: perRate * choosingTreatment };
}

/** E[(1 - p_T / p_C)⁺] for any control, with ∫_0^x F_T run up over the panels alongside. */
function shareLost(control: Beta, treatment: Beta): number {
  const bells = [new Bell(control), new Bell(treatment)] as const;
  const { edges, positions, strands } = panelsUnder(bells.map((bell) => new BellCurve(bell, -bell.centre)));
  const [own, other] = strands as [(typeof strands)[0], (typeof strands)[0]];
  const flow = positions.map((t, node) => at(other.below, node) * logistic(t) * logistic(-t));
  const area = new Float64Array(positions.length);
  const rest = new Float64Array(positions.length);
  let lost = 0;
  let before = 0;
  let reached = -Infinity;
  for (let start = 0; start < positions.length; start += NODES) {
    const left = at(edges, start / (NODES / 2));
    const right = at(edges, start / (NODES / 2) + 1);
    const half = (right - left) / 2;
    // Between panels nothing happens: F_T stays what it is, zero or one.
    if (left > reached && at(other.below, start) > 0.5) before += logistic(left) - logistic(reached);
    // Far left F_T is a power of the rate, so is its area, and panels there are too wide to find that out.
    if (right <= -PURE) {
      for (let i = 0; i < NODES; i += 1) {
        const mean = at(other.below, start + i) / (1 + treatment.alpha);
        lost += half * at(weights, i) * at(own.density, start + i) * mean;
      }
      const last = start + NODES - 1;
      const growth = Math.exp((1 + treatment.alpha) * (right - at(positions, last)));
      const chance = at(other.below, last);
      before = chance > 0 ? (chance * logistic(at(positions, last)) * growth) / (1 + treatment.alpha) : 0;
      reached = right;
      continue;
    }
    const whole = runUp(flow, area, rest, start, half);
    for (let i = 0; i < NODES; i += 1) {
      const density = at(own.density, start + i);
      const mean = (before + at(area, start + i)) / logistic(at(positions, start + i));
      if (density > 0) lost += half * at(weights, i) * density * mean;
    }
    before += whole;
    reached = right;
  }
  return lost;
}
