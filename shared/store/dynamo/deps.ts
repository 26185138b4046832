import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { heldKeys } from '../../usecases/api-keys.ts';
import type { Deps } from '../../usecases/deps.ts';
import { held } from '../../usecases/held.ts';
import { heldExperiments } from '../../usecases/held-experiments.ts';
import { liveExperiments } from '../../usecases/live-experiments.ts';
import type { Clock, EdgeStore } from '../../usecases/ports.ts';
import { settingsToldToEdge, toldToEdge } from '../../usecases/tell-edge.ts';
import { dynamoApiKeys } from './api-keys.ts';
import { dynamoDeliveries } from './deliveries.ts';
import { dynamoExperiments } from './experiments.ts';
import { dynamoJourneys } from './journeys.ts';
import { dynamoLinks } from './links.ts';
import { dynamoReports } from './reports.ts';
import { dynamoSecrets } from './secrets.ts';
import { dynamoSettings } from './settings.ts';
import type { TableNames } from './tables.ts';
import { dynamoTallies } from './tallies.ts';

const DEFAULT_RETENTION_DAYS = 395;

export type DynamoOptions = {
  readonly client: DynamoDBClient;
  readonly tables: TableNames;
  readonly clock: Clock;
  readonly newId: () => string;
  /** How old a held experiment may be, by a clock of its own: the time of day may be a replayed one. */
  readonly experimentMaxAgeMs: number;
  readonly elapsed: Clock;
  /** Hosts that visitors may be sent to; any where absent. */
  readonly allowedHosts?: readonly string[];
  /** What the edge reads; there is no edge where absent. */
  readonly edge?: EdgeStore | undefined;
};

/** All ports on one DynamoDB client. */
export function dynamoDeps(options: DynamoOptions): Deps {
  const { client, tables, clock, newId, experimentMaxAgeMs, elapsed, allowedHosts = ['*'], edge } = options;
  const secrets = dynamoSecrets(client, tables.catalog, { newSecret: newId, elapsed, clock });
  const catalog = dynamoExperiments(client, tables.catalog);
  const kept = dynamoSettings(client, tables.catalog);
  const publishing = edge && { experiments: catalog, settings: kept, secrets, edge };
  const experiments = publishing ? toldToEdge(publishing) : catalog;
  const settings = publishing ? settingsToldToEdge(publishing) : kept;
  const apiKeys = dynamoApiKeys(client, tables.catalog);
  const live = liveExperiments({ experiments, settings }, elapsed, experimentMaxAgeMs);
  const retentionDays = async (id: string) =>
    (await live(id))?.experiment.definition.retentionDays ?? DEFAULT_RETENTION_DAYS;
  const journeys = dynamoJourneys(client, tables.journeys, retentionDays);
  return {
    experiments,
    settings,
    live,
    journeys,
    heldMerges: held((id) => journeys.anyMerged(id), elapsed, experimentMaxAgeMs),
    tallies: dynamoTallies(client, tables.catalog),
    reports: dynamoReports(client, tables.catalog),
    deliveries: dynamoDeliveries(client, tables.catalog),
    links: dynamoLinks(client, tables.catalog),
    secrets,
    apiKeys,
    heldKey: heldKeys(apiKeys, elapsed, experimentMaxAgeMs),
    heldExperiments: heldExperiments({ experiments, settings }, elapsed, experimentMaxAgeMs),
    ...(edge && { edge }),
    allowedHosts,
    clock,
    newId,
  };
}
