import type { Attributes, PackedExperiment, PackedSplit } from '../experiment/packed.ts';
import { inAudience } from './audience.ts';
import { sliceAt } from './line.ts';
import { murmur3 } from './murmur3.ts';

/**
 * Who gets which variant, and why. `variant` is an index into the packed variants: what to serve.
 * Only `assigned` visitors are counted, and only when the reason is not `forced`; everyone else is served `variant`
 * all the same (the control, or what was shipped), because a visitor always gets a page.
 */
export type Assignment =
  | { readonly kind: 'assigned'; readonly variant: number; readonly reason: 'split' | 'sticky' | 'forced' }
  | {
      readonly kind: 'not-assigned';
      readonly variant: number;
      readonly reason: 'not-running' | 'not-targeted' | 'outside-traffic' | 'held-out' | 'excluded' | 'bot';
    };

/**
 * Decides for one visitor. Pure: the same visitor, experiment and attributes give the same answer at the edge, in Lambda,
 * in a browser and in a test. `at` (ms) is compared with the dates of enrolment and ramp and nothing else.
 *
 * Written in the subset of the language that the edge runtime runs, which is why it has neither destructuring nor for-of.
 */
export function assign(packed: PackedExperiment, visitor: string, attributes: Attributes, at: number): Assignment {
  if (packed.kind === 'fixed') return { kind: 'not-assigned', variant: packed.serve, reason: 'not-running' };
  // Walked, not looked up: an engine has to intern a string it has never seen before it can look it up.
  for (const id in packed.forced)
    if (id === visitor) return { kind: 'assigned', variant: packed.forced[id] as number, reason: 'forced' };
  const reason = whatKeepsOut(packed, visitor, attributes, at);
  return reason
    ? { kind: 'not-assigned', variant: packed.control, reason: reason }
    : { kind: 'assigned', variant: sliceAt(murmur3(visitor, packed.seed), packed.ends), reason: 'split' };
}

type Step = NonNullable<PackedSplit['ramp']>[number];

/**
 * Asked from the widest to the narrowest: of the installation (holdout), of the layer, of the experiment (audience, then traffic).
 * Who takes part does not depend on that order, the reason does. So `held-out` and `excluded` are the same for a visitor on every
 * visit, because they are drawn from the id alone; and of those who are neither, the share `not-targeted` is the audience's.
 * A forced visitor is of the team and never counted, so nothing of this keeps them from looking.
 *
 * Every draw has a seed of its own: whoever is left is split as if nobody had been taken out.
 */
function whatKeepsOut(
  packed: PackedSplit,
  visitor: string,
  attributes: Attributes,
  at: number,
): Exclude<Assignment['reason'], 'split' | 'sticky' | 'forced'> | undefined {
  // No instant is before or after an end that is absent: comparing with `undefined` is false.
  if (at < (packed.from as number) || at >= (packed.until as number)) return 'not-running';
  const holdout = packed.holdout;
  if (holdout && murmur3(visitor, holdout.seed) < holdout.end) return 'held-out';
  const layer = packed.layer;
  if (layer) {
    const point = murmur3(visitor, layer.seed);
    if (point < layer.from || point >= layer.end) return 'excluded';
  }
  if (!inAudience(packed.audience, attributes)) return 'not-targeted';
  // The share of the last step of the ramp whose instant has come.
  let end = packed.trafficEnd;
  const ramp = packed.ramp;
  if (ramp) for (let i = 0; i < ramp.length; i++) if (at >= (ramp[i] as Step)[0]) end = (ramp[i] as Step)[1];
  return end < 2 ** 32 && murmur3(visitor, packed.trafficSeed) >= end ? 'outside-traffic' : undefined;
}
