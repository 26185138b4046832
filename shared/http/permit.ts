import type { Experiment } from '../experiment/experiment.ts';
import { projectOf } from '../experiment/project.ts';
import { Problem } from '../problem/problem.ts';

/** Refuses an experiment of a project the caller's key is not for. */
export function permit(mayUse: (project: string) => boolean, { id, definition }: Experiment): void {
  if (!mayUse(projectOf(definition))) throw new Problem('key.other-project', `the key is not for the project of ${id}`);
}
