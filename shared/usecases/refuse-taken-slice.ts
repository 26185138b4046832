import { freeSlices, overlaps } from '../assignment/layer.ts';
import type { Definition } from '../experiment/definition.ts';
import { Problem } from '../problem/problem.ts';
import type { Experiments } from './ports.ts';

/**
 * Refuses a definition whose slice of a layer overlaps that of another experiment, drafts and paused ones too: what is not concluded
 * may yet run. Who is refused reads whose slice it is, and which are free.
 */
export async function refuseTakenSlice(
  experiments: Pick<Experiments, 'list'>,
  { id, layer }: Pick<Definition, 'id' | 'layer'>,
): Promise<void> {
  if (layer === undefined) return;
  const others = (await experiments.list()).flatMap(({ id: other, status, definition }) =>
    other !== id && status !== 'concluded' && definition.layer?.name === layer.name
      ? [{ other, slice: definition.layer }]
      : [],
  );
  const taken = others.filter(({ slice }) => overlaps(slice, layer));
  if (taken.length === 0) return;
  const free = freeSlices(others.map(({ slice }) => slice)).map(said);
  const message = `overlaps ${taken.map(({ other, slice }) => `${said(slice)} of ${other}`).join(' and ')}; ${
    free.length > 0 ? `free are ${free.join(', ')}` : 'nothing is free until one of them is concluded'
  }`;
  throw new Problem('experiment.slice-taken', `the slice ${said(layer)} of the layer ${layer.name} ${message}`, [
    { path: ['layer'], message },
  ]);
}

const said = ({ from, until }: { readonly from: number; readonly until: number }): string => `${from} to ${until}`;
