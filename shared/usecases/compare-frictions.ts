import type { FrictionRow } from '../report/frictions.ts';
import { atOnce } from './at-once.ts';
import type { Experiments, Reports } from './ports.ts';

type Deps = { readonly experiments: Experiments; readonly reports: Reports };

const IN_FLIGHT = 16;

/** How hard steps are, by what their authors say may make them hard: from the latest report that was written of each experiment. */
export async function compareFrictions({ experiments, reports }: Deps): Promise<FrictionRow[]> {
  const stating = (await experiments.list()).filter(({ definition }) =>
    definition.variants.some(({ steps }) => steps.some(({ frictions }) => frictions !== undefined)),
  );
  const latest = await atOnce(IN_FLIGHT, stating, ({ id }) => reports.latest(id));
  // Rarely asked for, and it brings statistics along.
  const { frictionRows } = await import('../report/frictions.ts');
  return frictionRows(latest.filter((report) => report !== undefined));
}
