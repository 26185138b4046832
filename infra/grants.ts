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
/** Whom visitors reach may read the secrets that sign tokens, and not write them. */
const SIGN: Grant = { table: 'catalog', actions: ['GetItem'], partitions: [SECRETS] };
const LINKS = keys.link('*').pk;
const RECORD_JOURNEY: Grant = { table: 'journeys', actions: ['GetItem', 'UpdateItem'] };
const READ_JOURNEYS: Grant = { table: 'journeys', actions: ['Query'] };

/**
 * What each function may do, and nothing else. A transaction needs the permissions of the writes inside it.
 * Nobody may scan, and nobody but an administrator may delete: a visitor's journeys, when that visitor asks.
 */
export const GRANTS: Readonly<Record<FunctionName, readonly Grant[]>> = {
  redirect: [FIND_EXPERIMENT, SIGN, { table: 'catalog', actions: ['GetItem'], partitions: [LINKS] }, RECORD_JOURNEY],
  site: [FIND_EXPERIMENT, SIGN, RECORD_JOURNEY],
  admin: [
    FIND_EXPERIMENT,
    { table: 'catalog', actions: ['Query'], partitions: [EXPERIMENTS, REVISIONS, ...TALLIES] },
    { table: 'catalog', actions: ['PutItem'], partitions: [EXPERIMENTS, REVISIONS, LINKS, SECRETS] },
    SIGN,
    READ_JOURNEYS,
    RECORD_JOURNEY,
    { table: 'journeys', actions: ['DeleteItem'] },
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
