import type { Experiment } from '../experiment/experiment.ts';
import { Problem } from '../problem/problem.ts';
import type { Experiments, Secrets } from './ports.ts';
import { type EdgeStore, type Publication, publishPacked } from './publish-packed.ts';

type Deps = {
  readonly experiments: Experiments;
  readonly secrets: Pick<Secrets, 'tokenSecret'>;
  readonly edge: EdgeStore;
};

/**
 * A catalog that tells the edge of every change. Here rather than in each use case, so that no way of changing an experiment,
 * by a person or by the platform, can forget it.
 */
export const toldToEdge = ({ experiments, secrets, edge }: Deps): Experiments => ({
  ...experiments,
  replace: async (experiment, revision) => {
    await experiments.replace(experiment, revision);
    try {
      await publishAsDefined({ experiments, secrets, edge }, experiment.id);
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

/** Makes the edge know an experiment as it is now, if the experiment asks for the edge, and forget it otherwise. Safe to repeat. */
export const publishAsDefined = (deps: Deps, id: string): Promise<Publication> => publishPacked(deps, id, wantsEdge);

const wantsEdge = ({ definition }: Experiment): boolean => definition.edge;
