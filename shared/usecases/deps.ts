import type { HeldKeys } from './api-keys.ts';
import type { Deliveries } from './delivery.ts';
import type { HeldExperiments } from './held-experiments.ts';
import type { LiveExperiments } from './live-experiments.ts';
import type {
  ApiKeys,
  Clock,
  EdgeStore,
  Experiments,
  Journeys,
  Links,
  Reports,
  Secrets,
  SettingsStore,
  Tallies,
} from './ports.ts';

/** Everything the use cases touch of the world outside. The functions are built from it; AWS and the local machine each make one. */
export type Deps = {
  readonly experiments: Experiments;
  readonly settings: SettingsStore;
  readonly live: LiveExperiments;
  readonly journeys: Journeys;
  readonly tallies: Tallies;
  readonly reports: Reports;
  readonly deliveries: Deliveries;
  readonly secrets: Secrets;
  readonly links: Links;
  readonly apiKeys: ApiKeys;
  /** A key as it was at most as long ago as an experiment may be held: what every request is checked against. */
  readonly heldKey: HeldKeys;
  /** All experiments, held as long: what flags are evaluated from. */
  readonly heldExperiments: HeldExperiments;
  /** Whether anybody of an experiment became known under another id, held as long. */
  readonly heldMerges: (experiment: string) => Promise<boolean>;
  /** What the edge reads, where the installation has one. `experiments` and `settings` tell it of every change: see tell-edge.ts. */
  readonly edge?: EdgeStore;
  /** Hosts that visitors may be sent to. */
  readonly allowedHosts: readonly string[];
  readonly clock: Clock;
  /** A new opaque id of 128 random bits. */
  readonly newId: () => string;
};
