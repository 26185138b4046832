import { Problem } from '../problem/problem.ts';
import type { Clock, Settings, SettingsStore } from './ports.ts';

type Deps = { readonly settings: SettingsStore; readonly clock: Clock; readonly newId: () => string };

/**
 * Holds a share of all visitors out of every experiment. The salt is drawn with the first change and never again, so a larger share
 * holds out the same people and some more. Whoever joined an experiment stays in it.
 *
 * `expected` is the revision the author looked at, when they say so; 0 while nobody has set anything.
 */
export async function changeHoldout(
  { settings, clock, newId }: Deps,
  share: number,
  expected: number | undefined,
  by: string,
): Promise<Settings> {
  const before = await settings.find();
  const revision = before?.revision ?? 0;
  if (expected !== undefined && expected !== revision)
    throw new Problem(
      'settings.version-conflict',
      `the settings are at revision ${revision}, the change was made on revision ${expected}; look at them again and repeat the change`,
    );
  const after = {
    revision: revision + 1,
    at: clock(),
    by,
    holdout: { share, salt: before?.holdout.salt ?? newId() },
  };
  await settings.replace(after);
  return after;
}
