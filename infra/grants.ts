import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { keys, tallyPartition } from '../shared/store/dynamo/keys.ts';
import type { FunctionName } from './function-names.ts';
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
const SECRETS = keys.secret('token').pk;
const CHECKPOINTS = keys.checkpoint('*').pk;
const TALLIES = [tallyPartition('live', '*'), tallyPartition('erased', '*')];

const FIND_EXPERIMENT: Grant = { table: 'catalog', actions: ['GetItem'], partitions: [EXPERIMENTS] };
/** Whoever hands out tokens first makes the secret that signs them. */
const ASSIGN: readonly Grant[] = [
  { table: 'catalog', actions: ['GetItem'], partitions: [EXPERIMENTS, SECRETS] },
  { table: 'catalog', actions: ['PutItem'], partitions: [SECRETS] },
];
const RECORD_JOURNEY: Grant = { table: 'journeys', actions: ['GetItem', 'UpdateItem'] };
const READ_JOURNEYS: Grant = { table: 'journeys', actions: ['Query'] };

/**
 * What each function may do, and nothing else. A transaction needs the permissions of the writes inside it.
 * Nobody may scan, and nobody may delete: a journey leaves by its time to live.
 */
export const GRANTS: Readonly<Record<FunctionName, readonly Grant[]>> = {
  redirect: [...ASSIGN, RECORD_JOURNEY],
  site: [...ASSIGN, RECORD_JOURNEY],
  admin: [
    FIND_EXPERIMENT,
    { table: 'catalog', actions: ['Query'], partitions: [EXPERIMENTS, REVISIONS, ...TALLIES] },
    { table: 'catalog', actions: ['PutItem'], partitions: [EXPERIMENTS, REVISIONS] },
    READ_JOURNEYS,
  ],
  tally: [FIND_EXPERIMENT, { table: 'catalog', actions: ['UpdateItem'], partitions: [CHECKPOINTS, ...TALLIES] }],
  report: [
    FIND_EXPERIMENT,
    { table: 'catalog', actions: ['Query'], partitions: [EXPERIMENTS, ...TALLIES] },
    { table: 'catalog', actions: ['PutItem'], partitions: [REPORTS] },
    READ_JOURNEYS,
  ],
};

export function grantTables(grantee: IGrantable, name: FunctionName, tables: Tables): void {
  for (const { table, actions, partitions } of GRANTS[name])
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [tables[table].tableArn],
        ...(partitions && { conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } } }),
      }),
    );
}
