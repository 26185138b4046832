import { assign } from '#shared/assignment/assign.ts';
import type { PackedExperiment } from '#shared/experiment/packed.ts';
import { attempt } from './attempt.ts';
import type { Decide } from './ladder.ts';
import { read, VARIANT, VISITOR } from './memory.ts';
import { add } from './outbox.ts';
import { ask, settings } from './request.ts';

const kept = () => attempt(() => localStorage[VISITOR]);
/** Read before this page keeps anything. */
const before = kept();

/**
 * The browser decides, by the same module as the server, from the packed experiment in the page or fetched once; the
 * visitor is counted in with the next events. Like the server: a preview beats what was seen, what was seen beats the split.
 *
 * `returning` says whether this browser was here before, as far as it may remember; a page that knows better says so itself. The
 * client that asks the server has no bytes left to say it.
 */
export const decideHere: Decide = async (experiment, visitor, given) => {
  const attributes = { returning: !!(before && kept()), ...given };
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
