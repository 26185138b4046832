import type { Experiment } from '../../api.ts';

/** The control is stone; treatments have the accent first, then its company. */
export function seriesOf({ definition }: Experiment, id: string): number {
  const place = definition.variants
    .filter((variant) => variant.id !== definition.control)
    .findIndex((variant) => variant.id === id);
  return Math.min(place + 1, 6);
}

export const nameOf = ({ definition }: Experiment, id: string): string =>
  definition.variants.find((variant) => variant.id === id)?.name ?? id;
