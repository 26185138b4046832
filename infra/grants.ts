import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { keys, tallyPartition } from '../shared/store/dynamo/keys.ts';
import type { FunctionName } from './function-names.ts';
import type { Settings } from './settings.ts';
import type { TableName, Tables } from './tables.ts';

type Action = 'GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type Grant = {
  readonly table: TableName;
  readonly actions: readonly Action[];
  /** Partition keys the function may touch. Absent on journeys alone: every partition there begins with an experiment's own name. */
  readonly partitions?: readonly string[];
};

// The patterns come from the functions that write the keys, so a key that changes takes its permission along.
const EXPERIMENTS = keys.experiment('*').pk;
const REVISIONS = keys.revision('*', 0).pk;
const REPORTS = keys.report('*', 0).pk;
const DELIVERIES = keys.delivery('*', '', '').pk;
const KEYS = keys.apiKey('*').pk;
const SETTINGS = keys.settings(0).pk;
const SECRETS = keys.secret('token').pk;
const CHECKPOINTS = keys.checkpoint('*').pk;
const TALLIES = [tallyPartition('live', '*'), tallyPartition('erased', '*')];

const FIND_EXPERIMENT: Grant = { table: 'catalog', actions: ['GetItem'], partitions: [EXPERIMENTS] };
/** An experiment as it runs: with the holdout of the installation, which is the last of its settings. */
const RUN_EXPERIMENT: readonly Grant[] = [
  FIND_EXPERIMENT,
  { table: 'catalog', actions: ['Query'], partitions: [SETTINGS] },
];
/** The secrets that sign tokens, recipients and webhooks may be read; administrators alone write them. */
const SIGN: Grant = { table: 'catalog', actions: ['GetItem'], partitions: [SECRETS] };
const LINKS = keys.link('*').pk;
const RECORD_JOURNEY: Grant = { table: 'journeys', actions: ['GetItem', 'UpdateItem'] };
const READ_JOURNEYS: Grant = { table: 'journeys', actions: ['Query'] };

/**
 * What each function may do, and nothing else. A transaction needs the permissions of the writes inside it.
 * Nobody may scan, and nobody but an administrator may delete: a visitor's journeys, when that visitor asks.
 */
export const GRANTS: Readonly<Record<FunctionName, readonly Grant[]>> = {
  redirect: [...RUN_EXPERIMENT, SIGN, { table: 'catalog', actions: ['GetItem'], partitions: [LINKS] }, RECORD_JOURNEY],
  site: [
    ...RUN_EXPERIMENT,
    { table: 'catalog', actions: ['Query'], partitions: [EXPERIMENTS] },
    { table: 'catalog', actions: ['GetItem'], partitions: [KEYS] },
    SIGN,
    RECORD_JOURNEY,
    // It empties the journeys of visitors who became known.
    { table: 'journeys', actions: ['PutItem'] },
  ],
  admin: [
    FIND_EXPERIMENT,
    {
      table: 'catalog',
      actions: ['Query'],
      partitions: [EXPERIMENTS, REVISIONS, SETTINGS, KEYS, DELIVERIES, REPORTS, ...TALLIES],
    },
    { table: 'catalog', actions: ['PutItem'], partitions: [EXPERIMENTS, REVISIONS, SETTINGS, LINKS, SECRETS, KEYS] },
    { table: 'catalog', actions: ['GetItem'], partitions: [KEYS, REPORTS] },
    // It brings the live tallies to the recount.
    { table: 'catalog', actions: ['UpdateItem'], partitions: [tallyPartition('live', '*')] },
    SIGN,
    READ_JOURNEYS,
    RECORD_JOURNEY,
    { table: 'journeys', actions: ['DeleteItem'] },
  ],
  exposures: [...RUN_EXPERIMENT, RECORD_JOURNEY],
  tally: [FIND_EXPERIMENT, { table: 'catalog', actions: ['UpdateItem'], partitions: [CHECKPOINTS, ...TALLIES] }],
  report: [
    FIND_EXPERIMENT,
    { table: 'catalog', actions: ['Query'], partitions: [EXPERIMENTS, DELIVERIES, ...TALLIES] },
    // It concludes the experiments that ask for that.
    { table: 'catalog', actions: ['PutItem'], partitions: [REPORTS, DELIVERIES, EXPERIMENTS, REVISIONS] },
    SIGN,
    READ_JOURNEYS,
  ],
};

/** What telling the edge of a change takes beyond changing it. The function of administrators has all of it anyway. */
const TELL_EDGE: Readonly<Partial<Record<FunctionName, readonly Grant[]>>> = {
  report: [{ table: 'catalog', actions: ['Query'], partitions: [REVISIONS, SETTINGS] }],
};

export const grantsOf = (name: FunctionName, { edge }: Pick<Settings, 'edge'>): readonly Grant[] => [
  ...GRANTS[name],
  ...((edge && TELL_EDGE[name]) || []),
];

export function grantTables(grantee: IGrantable, name: FunctionName, tables: Tables, settings: Settings): void {
  for (const { table, actions, partitions } of grantsOf(name, settings))
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [tables[table].tableArn],
        ...(partitions && { conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } } }),
      }),
    );
}
