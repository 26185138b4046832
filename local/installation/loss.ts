import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { tallyPartition } from '#shared/store/dynamo/keys.ts';
import { itemsOf } from '#shared/store/dynamo/partition.ts';
import { distance } from '#shared/tally/tally.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { recount, recountWithDrift } from '#shared/usecases/recount.ts';
import { repairTallies } from '#shared/usecases/repair-tallies.ts';
import { readBackup, writeBackup } from './backup-file.ts';
import { type Installation, openInstallation, TABLES } from './installation.ts';

/** What one part of a drill found, in counts that are off. Everything but `lost` must be zero at the end. */
export type Loss = { readonly what: string; readonly lost: number; readonly left: number };

/** All live counts are lost: they are built again from the journeys. Their checkpoints stay, so that nothing is counted twice. */
export async function loseTallies({ deps, engine, stream }: Installation): Promise<Loss> {
  await stream.caughtUp();
  const experiments = await deps.experiments.list();
  for (const { id } of experiments) await empty(engine.client, tallyPartition('live', id));
  const lost = await sumOver(experiments, async (each) => (await recountWithDrift(deps, each)).drift);
  const left = await sumOver(experiments, async (each) => (await repairTallies(deps, each)).left);
  return { what: 'the live counts were deleted and built again from the journeys', lost, left };
}

/** Both tables are lost: a backup fills new ones, and every number must be what it was. */
export async function loseTables(before: Installation): Promise<Loss> {
  const folder = await mkdtemp(join(tmpdir(), 'stepladder-drill-'));
  const file = join(folder, 'backup.jsonl.gz');
  try {
    await before.stream.caughtUp();
    const { journeys } = await writeBackup(before.engine.client, TABLES, file, before.deps.clock());
    const after = await restored(file);
    try {
      const experiments = await before.deps.experiments.list();
      const left = await sumOver(experiments, (each) => apart(before.deps, after.deps, each));
      return { what: `both tables were restored into an empty place (${journeys} journeys)`, lost: journeys, left };
    } finally {
      await after.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** An installation in memory with what a backup holds. */
export async function restored(file: string): Promise<Installation> {
  const installation = await openInstallation(undefined, { fill: (client) => readBackup(client, TABLES, file) });
  const { deps, stream } = installation;
  await stream.caughtUp();
  for (const experiment of await deps.experiments.list()) await repairTallies(deps, experiment);
  return installation;
}

/** How far two installations are apart on an experiment: by what it is, by its recount, and by its live counts. */
async function apart(before: Deps, after: Deps, experiment: Experiment): Promise<number> {
  const there = await after.experiments.find(experiment.id);
  if (JSON.stringify(there) !== JSON.stringify(experiment)) return Number.POSITIVE_INFINITY;
  const { tally, drift } = await recountWithDrift(after, experiment);
  return drift + distance(tally, await recount(before, experiment));
}

async function empty(client: DynamoDBClient, partition: string): Promise<void> {
  for await (const { pk, sk } of itemsOf(client, TABLES.catalog, partition))
    if (pk && sk) await client.send(new DeleteItemCommand({ TableName: TABLES.catalog, Key: { pk, sk } }));
}

async function sumOver(
  experiments: readonly Experiment[],
  count: (experiment: Experiment) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (const each of experiments) sum += await count(each);
  return sum;
}
