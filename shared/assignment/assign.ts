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
 * What keeps a visitor out is asked from the widest to the narrowest: of the installation (holdout), of the layer, of the
 * experiment (audience, then traffic). Who takes part does not depend on that order, the reason does. So `held-out` and `excluded` are
 * the same for a visitor on every visit, because they are drawn from the id alone; and of those who are neither, the share
 * `not-targeted` is that of the audience. A forced visitor is of the team and never counted, so nothing keeps them from looking.
 * Every question has a draw of its own: whoever is left is split as if nobody had been taken out.
 *
 * Written in the subset of the language that the edge runtime runs, which is why it has neither destructuring nor for-of.
 */
export function assign(packed: PackedExperiment, visitor: string, attributes: Attributes, at: number): Assignment {
  if (packed.kind === 'fixed') return { kind: 'not-assigned', variant: packed.serve, reason: 'not-running' };
  for (const id in packed.forced)
    if (id === visitor) return { kind: 'assigned', variant: packed.forced[id] as number, reason: 'forced' };
  if ((packed.from !== undefined && at < packed.from) || (packed.until !== undefined && at >= packed.until))
    return { kind: 'not-assigned', variant: packed.control, reason: 'not-running' };
  if (packed.holdout && murmur3(visitor, packed.holdout.seed) < packed.holdout.end)
    return { kind: 'not-assigned', variant: packed.control, reason: 'held-out' };
  if (packed.layer) {
    const point = murmur3(visitor, packed.layer.seed);
    if (point < packed.layer.from || point >= packed.layer.end)
      return { kind: 'not-assigned', variant: packed.control, reason: 'excluded' };
  }
  if (packed.audience.length > 0 && !inAudience(packed.audience, attributes))
    return { kind: 'not-assigned', variant: packed.control, reason: 'not-targeted' };
  const end = trafficEndAt(packed, at);
  if (end < 4294967296 && murmur3(visitor, packed.trafficSeed) >= end)
    return { kind: 'not-assigned', variant: packed.control, reason: 'outside-traffic' };
  return { kind: 'assigned', variant: sliceAt(murmur3(visitor, packed.seed), packed.ends), reason: 'split' };
}

/** The point of the line below which visitors take part at an instant: that of the last entry of the ramp whose instant has come. */
function trafficEndAt(packed: PackedSplit, at: number): number {
  let end = packed.trafficEnd;
  const ramp = packed.ramp || [];
  for (let i = 0; i < ramp.length; i++) {
    const entry = ramp[i] as readonly [number, number];
    if (at >= entry[0]) end = entry[1];
  }
  return end;
}
