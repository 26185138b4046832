import type { LiveExperiments } from './live-experiments.ts';
import type { Clock, Experiments, Journeys, Links, Reports, Secrets, Tallies } from './ports.ts';

/** Everything the use cases touch of the world outside. The functions are built from it; AWS and the local machine each make one. */
export type Deps = {
  readonly experiments: Experiments;
  readonly live: LiveExperiments;
  readonly journeys: Journeys;
  readonly tallies: Tallies;
  readonly reports: Reports;
  readonly secrets: Secrets;
  readonly links: Links;
  readonly clock: Clock;
  /** A new opaque id of 128 random bits. */
  readonly newId: () => string;
};
