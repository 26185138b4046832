import { DAY_MS, HOUR_MS } from '#shared/experiment/time.ts';
import type { Experiments, Reports } from '#shared/usecases/ports.ts';

type Deps = { readonly experiments: Pick<Experiments, 'list'>; readonly reports: Pick<Reports, 'headlines'> };

/** Whether a started experiment has no report of the last day. */
export async function reportsAreDue({ experiments, reports }: Deps, now: number): Promise<boolean> {
  for (const { id, status } of await experiments.list()) {
    if (status === 'draft') continue;
    const [newest] = await reports.headlines(id, 1);
    if (newest === undefined || now - newest.writtenAt >= DAY_MS) return true;
  }
  return false;
}

/**
 * The schedule of a machine that is not always on: at once and then every hour it looks whether reports are due, and has them
 * written if so. Gives back what ends it.
 */
export function scheduleReports(deps: Deps, clock: () => number, write: () => Promise<unknown>): () => void {
  let current: Promise<unknown> = Promise.resolve();
  const look = (): void => {
    current = current
      .then(async () => (await reportsAreDue(deps, clock())) && (await write()))
      .catch((error: unknown) => console.error('Reports were not written, and are tried again in an hour:', error));
  };
  look();
  const timer = setInterval(look, HOUR_MS);
  return () => clearInterval(timer);
}
