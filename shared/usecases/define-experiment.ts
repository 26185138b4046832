import type { Definition } from '../experiment/definition.ts';
import { strayDestinations } from '../experiment/destination-hosts.ts';
import { draft, type Experiment, redefine, revisionOf } from '../experiment/experiment.ts';
import { frozenFields, type Move, moved } from '../experiment/lifecycle.ts';
import { Problem } from '../problem/problem.ts';
import type { Clock, Experiments } from './ports.ts';
import { refuseTakenSlice } from './refuse-taken-slice.ts';

type Deps = {
  readonly experiments: Experiments;
  readonly clock: Clock;
  /** Hosts that visitors may be sent to: see `strayDestinations`. */
  readonly allowedHosts: readonly string[];
};

/** Creates a draft. The salt is 128 random bits from the caller. */
export async function createExperiment(
  { experiments, clock, allowedHosts }: Deps,
  definition: Definition,
  salt: string,
  by: string,
): Promise<Experiment> {
  refuseStrays(definition, allowedHosts);
  await refuseTakenSlice(experiments, definition);
  const experiment = draft(definition, salt, clock());
  await experiments.create(experiment, revisionOf(experiment, 'created', by, clock()));
  return experiment;
}

/**
 * Takes a new definition for an experiment that exists. `expected` is the revision the author looked at, when they say so:
 * an edit of a page that is out of date is refused rather than merged.
 */
export async function editExperiment(
  { experiments, clock, allowedHosts }: Deps,
  definition: Definition,
  expected: number | undefined,
  by: string,
): Promise<Experiment> {
  const before = await findExperiment(experiments, definition.id);
  if (expected !== undefined && expected !== before.revision)
    throw new Problem(
      'experiment.version-conflict',
      `${before.id} is at revision ${before.revision}, the edit was made on revision ${expected}; load it again and repeat the change`,
    );
  refuseStrays(definition, allowedHosts);
  const refusals = frozenFields(before, definition);
  if (refusals.length > 0)
    throw new Problem(
      'experiment.not-editable',
      `${before.id} is ${before.status} and cannot take this definition`,
      refusals.map(({ field, message }) => ({ path: [field], message })),
    );
  // From the start on a slice cannot change, and what others do must not keep anyone from changing the rest.
  if (before.status === 'draft') await refuseTakenSlice(experiments, definition);
  const after = redefine(before, definition, clock());
  await experiments.replace(after, revisionOf(after, 'edited', by, clock()));
  return after;
}

/** Starts, pauses, resumes or concludes. `ship` names the variant everyone gets after a conclusion; the control when absent. */
export async function moveExperiment(
  { experiments, clock }: Omit<Deps, 'allowedHosts'>,
  id: string,
  move: Move,
  by: string,
  ship?: string,
): Promise<Experiment> {
  const before = await findExperiment(experiments, id);
  const after = moved(before, move, clock(), ship);
  if ('field' in after)
    throw new Problem('experiment.not-movable', `${id} ${after.message}`, [
      { path: [after.field], message: after.message },
    ]);
  // Two drafts may have been written at one moment, each before the other could be seen.
  if (move === 'started') await refuseTakenSlice(experiments, before.definition);
  await experiments.replace(after, revisionOf(after, move, by, clock()));
  return after;
}

export async function findExperiment(experiments: Experiments, id: string): Promise<Experiment> {
  const experiment = await experiments.find(id);
  if (experiment === undefined) throw new Problem('experiment.not-found', `no experiment is called ${id}`);
  return experiment;
}

function refuseStrays(definition: Definition, allowedHosts: readonly string[]): void {
  const strays = strayDestinations(definition, allowedHosts);
  if (strays.length > 0)
    throw new Problem(
      'request.invalid',
      'the definition sends visitors where this installation does not',
      strays.map(({ field, message }) => ({ path: field.split('.'), message })),
    );
}
