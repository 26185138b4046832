import type { Attributes, PackedExperiment } from '../experiment/packed.ts';
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
 * in a browser and in a test. `at` (ms) is compared with the enrolment dates and nothing else.
 *
 * Written in the subset of the language that the edge runtime runs, which is why it has neither destructuring nor for-of.
 */
export function assign(packed: PackedExperiment, visitor: string, attributes: Attributes, at: number): Assignment {
  if (packed.kind === 'fixed') return { kind: 'not-assigned', variant: packed.serve, reason: 'not-running' };
  for (const id in packed.forced)
    if (id === visitor) return { kind: 'assigned', variant: packed.forced[id] as number, reason: 'forced' };
  if ((packed.from !== undefined && at < packed.from) || (packed.until !== undefined && at >= packed.until))
    return { kind: 'not-assigned', variant: packed.control, reason: 'not-running' };
  if (packed.audience.length > 0 && !inAudience(packed.audience, attributes))
    return { kind: 'not-assigned', variant: packed.control, reason: 'not-targeted' };
  if (packed.trafficEnd < 4294967296 && murmur3(visitor, packed.trafficSeed) >= packed.trafficEnd)
    return { kind: 'not-assigned', variant: packed.control, reason: 'outside-traffic' };
  return { kind: 'assigned', variant: sliceAt(murmur3(visitor, packed.seed), packed.ends), reason: 'split' };
}
