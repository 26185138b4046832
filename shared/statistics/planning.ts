import { normalCdf, normalQuantile } from './jstat.ts';
import { logistic } from './logit.ts';

/**
 * How large an experiment must be to find what it is looking for, before it starts.
 *
 * `rate` is the control's goal rate, `relativeLift` the treatment's relative difference (0.1: ten percent more), `alpha`
 * two-sided for all comparisons together: each of the variants - 1 treatments gets its equal part (Bonferroni).
 */
export type Plan = {
  readonly rate: number;
  readonly relativeLift: number;
  readonly alpha?: number;
  readonly power?: number;
  readonly variants?: number;
};

/** When the experiment may be called; every right to stop early is paid for in visitors. */
export type Stopping = 'fixed-end' | 'split' | 'evidence-only';

/**
 * Visitors needed, as a multiple of one look at a fixed end. `split` spends 4 % of its 5 % at the planned end, and
 * ((z(0.98) + z(0.8)) / (z(0.975) + z(0.8)))² = 1.068. `evidence-only` was measured: 80 % power needs 1.70 times as many.
 */
const COST_OF_STOPPING = { 'fixed-end': 1, split: 1.068, 'evidence-only': 1.7 } as const satisfies Record<
  Stopping,
  number
>;

export type Visitors =
  | { readonly kind: 'planned'; readonly perVariant: number; readonly unrounded: number }
  | { readonly kind: 'impossible'; readonly reason: 'no difference to find' | 'the lifted rate is not a rate' };

/**
 * Visitors per variant for a wanted power: (z(1 - α/2) + z(power))² (p₁ q₁ + p₂ q₂) / (p₂ - p₁)², α shared out by Bonferroni.
 *
 * The unpooled normal formula. Within 1 % of exact power from about ten expected goals per variant; below that plan for more.
 * @see Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions, ch. 4
 * @example visitorsPerVariant({ rate: 0.05, relativeLift: 0.1 }).perVariant // 31231
 */
export function visitorsPerVariant(plan: Plan, stopping: Stopping = 'fixed-end'): Visitors {
  const { rate, relativeLift, power = 0.8 } = plan;
  requirePlan('visitorsPerVariant', plan);
  const lifted = rate * (1 + relativeLift);
  if (relativeLift === 0) return { kind: 'impossible', reason: 'no difference to find' };
  if (!(lifted > 0 && lifted < 1)) return { kind: 'impossible', reason: 'the lifted rate is not a rate' };
  const reach = criticalValue(plan) + normalQuantile(power);
  const spread = rate * (1 - rate) + lifted * (1 - lifted);
  const unrounded = ((reach * reach * spread) / (lifted - rate) ** 2) * COST_OF_STOPPING[stopping];
  return { kind: 'planned', perVariant: Math.ceil(unrounded), unrounded };
}

/**
 * The chance that one look with so many visitors per variant finds the difference, in either direction.
 * @example powerOf({ rate: 0.05, relativeLift: 0.1 }, 31231) // 0.800004822256417
 */
export function powerOf(plan: Plan, perVariant: number): number {
  requirePlan('powerOf', plan);
  const { rate, relativeLift } = plan;
  return powerAt(rate, Math.min(1, rate * (1 + relativeLift)), perVariant, criticalValue(plan));
}

/** Both tails: with no difference at all, this is alpha. */
function powerAt(rate: number, lifted: number, perVariant: number, critical: number): number {
  const spread = (rate * (1 - rate) + lifted * (1 - lifted)) / perVariant;
  const distance = Math.abs(lifted - rate) / Math.sqrt(spread);
  return normalCdf(distance - critical) + normalCdf(-distance - critical);
}

/**
 * Assurance: the power to expect, when the effect is not known but believed to be N(0, τ²) in log odds and positive.
 *
 * The average of {@link powerOf} over that half of the bell: the honest answer to "how likely will this experiment find
 * something, if the treatment is better at all". Always less dramatic than the power at one hoped-for effect.
 * @see O'Hagan, Stevens & Campbell, Pharmaceutical Statistics 2005
 * @example assurance({ rate: 0.05 }, 0.1, 31_231) // 0.5060936257
 */
export function assurance(plan: Omit<Plan, 'relativeLift'>, tau: number, perVariant: number): number {
  requirePlan('assurance', { ...plan, relativeLift: 0 });
  if (!(tau > 0)) throw new RangeError(`assurance requires a positive tau, got ${tau}`);
  const logOdds = Math.log(plan.rate / (1 - plan.rate));
  const critical = criticalValue({ ...plan, relativeLift: 0 });
  // Simpson on [0, 8 τ]: the bell beyond is 1e-15, and power has one smooth step that 800 panels resolve.
  const panels = 800;
  const step = (8 * tau) / panels;
  let [sum, weight] = [0, 0];
  for (let i = 0; i <= panels; i += 1) {
    const effect = i * step;
    const density = Math.exp(-((effect / tau) ** 2) / 2) * (i === 0 || i === panels ? 1 : 2 + 2 * (i % 2));
    sum += density * powerAt(plan.rate, logistic(logOdds + effect), perVariant, critical);
    weight += density;
  }
  return sum / weight;
}

/**
 * Days until every variant has its visitors, in whole weeks so that no weekday counts twice, and then the window in which
 * the last day's visitors may still take their steps.
 *
 * `share` is the smallest variant's part of the traffic.
 * @example daysNeeded({ perVariant: 31_231, visitorsPerDay: 5000, share: 0.5, windowDays: 7 }) // { exposure: 14, total: 21 }
 */
export function daysNeeded(traffic: {
  readonly perVariant: number;
  readonly visitorsPerDay: number;
  readonly share: number;
  readonly windowDays?: number;
}): { readonly exposure: number; readonly total: number } {
  const { perVariant, visitorsPerDay, share, windowDays = 0 } = traffic;
  const daily = visitorsPerDay * share;
  if (!(daily > 0)) throw new RangeError(`daysNeeded requires some traffic for every variant, got ${daily} a day`);
  const exposure = Math.ceil(perVariant / daily / 7) * 7;
  return { exposure, total: exposure + windowDays };
}

/**
 * The smallest relative lift that so many visitors per variant find with the wanted power; null if not even 100 % would do.
 *
 * Inverts {@link visitorsPerVariant} by halving, over lifts up to a certain goal.
 * @example detectableLift({ rate: 0.05 }, 31_231) // 0.1 within 1e-5
 */
export function detectableLift(
  plan: Omit<Plan, 'relativeLift'>,
  perVariant: number,
  stopping: Stopping = 'fixed-end',
): number | null {
  const enough = (relativeLift: number) => {
    const visitors = visitorsPerVariant({ ...plan, relativeLift }, stopping);
    return visitors.kind === 'planned' && visitors.unrounded <= perVariant;
  };
  let high = ((1 - plan.rate) / plan.rate) * (1 - 1e-9);
  if (!enough(high)) return null;
  let low = 0;
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const criticalValue = ({ alpha = 0.05, variants = 2 }: Plan) => normalQuantile(1 - alpha / (variants - 1) / 2);

function requirePlan(name: string, { rate, alpha = 0.05, power = 0.8, variants = 2 }: Plan): void {
  for (const probability of [rate, alpha, power])
    if (!(probability > 0 && probability < 1))
      throw new RangeError(`${name} requires rate, alpha and power between zero and one, got ${probability}`);
  if (!(variants >= 2)) throw new RangeError(`${name} requires at least two variants, got ${variants}`);
}
