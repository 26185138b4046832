import { createHash } from 'node:crypto';
import { assign } from '#shared/assignment/assign.ts';
import { murmur3 } from '#shared/assignment/murmur3.ts';
import { pack } from '#shared/assignment/pack.ts';
import { Definition } from '#shared/experiment/definition.ts';
import { draft, type Experiment } from '#shared/experiment/experiment.ts';
import { moved } from '#shared/experiment/lifecycle.ts';
import type { PackedExperiment } from '#shared/experiment/packed.ts';

/** Decides for one visitor: 0 or 1, the index of the variant. */
export type Decide = (visitor: string) => number;

export type Contender = {
  readonly name: string;
  /** Who it is measured as: ourselves, a bare hash that decides nothing, or a peer. */
  readonly role: 'ours' | 'hash' | 'peer';
  /** For a peer, the package and its version. */
  readonly version?: string;
  readonly decide: Decide;
};

/** Half and half, for visitors from one country: what every contender is asked to decide. */
export function experimentOf(id: string): PackedExperiment {
  const definition = Definition.parse({
    id,
    name: id,
    goal: 'buy',
    control: 'a',
    variants: ['a', 'b'].map((variant) => ({ id: variant, name: variant, steps: [{ id: 'buy', name: 'Buy' }] })),
    audience: [{ attribute: 'country', operator: 'is', value: 'CH' }],
  });
  const running = moved(draft(definition, `salt of ${id}`, 0), 'started', 0) as Experiment;
  return pack(running) as PackedExperiment;
}

export function ours(): Contender[] {
  const packed = experimentOf('checkout');
  const { seed } = packed as { seed: number };
  return [
    {
      name: 'Stepladder assign',
      role: 'ours',
      decide: (visitor) => assign(packed, visitor, { country: 'CH' }, 0).variant,
    },
    { name: 'bare murmur3-32', role: 'hash', decide: (visitor) => murmur3(visitor, seed) >>> 31 },
    { name: 'bare FNV-1a', role: 'hash', decide: (visitor) => fnv1a(visitor) >>> 31 },
    {
      name: 'bare sha256',
      role: 'hash',
      decide: (visitor) => createHash('sha256').update(visitor).digest().readUInt32BE(0) >>> 31,
    },
  ];
}

/** Over UTF-16 units: right for the ASCII ids of the bench, and quicker than over UTF-8. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
