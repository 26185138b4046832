import type { Experiment } from '../experiment/experiment.ts';
import { Problem } from '../problem/problem.ts';
import type { EdgeStore, Experiments, Secrets, SettingsStore } from './ports.ts';
import { type Publication, publishPacked } from './publish-packed.ts';

type Deps = {
  readonly experiments: Experiments;
  readonly settings: SettingsStore;
  readonly secrets: Pick<Secrets, 'tokenSecret'>;
  readonly edge: EdgeStore;
};

/**
 * A catalog that tells the edge of every change. Here rather than in each use case, so that no way of changing an experiment,
 * by a person or by the platform, can forget it.
 */
export const toldToEdge = (deps: Deps): Experiments => ({
  ...deps.experiments,
  replace: async (experiment, revision) => {
    await deps.experiments.replace(experiment, revision);
    try {
      await publishAsDefined(deps, experiment.id);
    } catch (cause) {
      const { id, revision: made } = experiment;
      throw new Problem(
        'edge.behind',
        `${id} is changed, to revision ${made}, but the edge could not be told and still serves what it had; do not repeat the change but publish it: POST /v1/experiments/${id}/publish`,
        [],
        { cause },
      );
    }
  },
});

/** Settings that tell the edge of every change: a running experiment carries the holdout, so each is published again, one after the other. */
export const settingsToldToEdge = (deps: Deps): SettingsStore => ({
  ...deps.settings,
  replace: async (settings) => {
    await deps.settings.replace(settings);
    const behind: string[] = [];
    let cause: unknown;
    for (const { id, status, definition } of await deps.experiments.list())
      if (definition.edge && status === 'running')
        await publishAsDefined(deps, id).catch((error: unknown) => {
          behind.push(id);
          cause = error;
        });
    if (behind.length > 0)
      throw new Problem(
        'edge.behind',
        `the settings are changed, to revision ${settings.revision}, but the edge could not be told of ${behind.join(', ')} and still serves what it had; publish each: POST /v1/experiments/{experiment}/publish`,
        [],
        { cause },
      );
  },
});

/** Makes the edge know an experiment as it is now, if the experiment asks for the edge, and forget it otherwise. Safe to repeat. */
export const publishAsDefined = (deps: Deps, id: string): Promise<Publication> => publishPacked(deps, id, wantsEdge);

const wantsEdge = ({ definition }: Experiment): boolean => definition.edge;
