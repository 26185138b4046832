import { assign } from '#shared/assignment/assign.ts';
import type { PackedExperiment } from '#shared/experiment/packed.ts';
import type { Decide } from './ladder.ts';
import { read, VARIANT } from './memory.ts';
import { add } from './outbox.ts';
import { ask, settings } from './request.ts';

/**
 * The browser decides, by the same module as the server, from the packed experiment in the page or fetched once; the
 * visitor is counted in with the next events. Like the server: a preview beats what was seen, what was seen beats the split.
 */
export const decideHere: Decide = async (experiment, visitor, attributes = {}) => {
  const packed =
    settings.packed?.find(({ id }) => id === experiment) ?? (await ask<PackedExperiment>(`/v1/packed/${experiment}`));
  const { kind, variant, reason } = assign(packed, visitor, attributes, Date.now());
  const seen =
    packed.kind === 'split' &&
    reason !== 'forced' &&
    packed.variants.find(({ id }) => id === read(VARIANT + experiment));
  if (!seen && reason === 'split') add({ type: 'exposure', experiment, visitor, attributes });
  const { id, url } = (seen || packed.variants[variant]) as { id: string; url?: string };
  return {
    experiment,
    visitor,
    variant: id,
    url,
    assigned: !!seen || kind === 'assigned',
    reason: seen ? 'sticky' : reason,
  };
};
