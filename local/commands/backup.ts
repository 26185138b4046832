import { existsSync } from 'node:fs';
import { dynamoClient } from '#shared/store/dynamo/client.ts';
import type { TableNames } from '#shared/store/dynamo/tables.ts';
import { repairTallies } from '#shared/usecases/repair-tallies.ts';
import { type Counted, readBackup, writeBackup } from '../installation/backup-file.ts';
import { openInstallation, TABLES } from '../installation/installation.ts';

const said = ({ catalog, journeys }: Counted): string => `${journeys} journeys, ${catalog} items of the catalog`;

/** Both tables of a folder, whether or not an installation is running there. */
export async function backUp(folder: string, file: string): Promise<void> {
  const { engine, stream, stop } = await openInstallation(folder);
  try {
    await stream.caughtUp();
    console.log(`${file}: ${said(await writeBackup(engine.client, TABLES, file, Date.now()))}.`);
  } finally {
    await stop();
  }
}

/** Two tables anywhere, with whatever the environment tells the AWS SDK: credentials, region, endpoint. */
export async function backUpTables(tables: TableNames, file: string): Promise<void> {
  console.log(`${file}: ${said(await writeBackup(dynamoClient({}), tables, file, Date.now()))}.`);
}

/** Fills an empty folder, lets the stream count every journey, and brings the counts to the recount, which knows of the erased. */
export async function restore(folder: string, file: string): Promise<void> {
  mustExist(file);
  const { deps, stream, stop } = await openInstallation(folder, {
    fill: async (client) => {
      console.log(`Restored ${said(await readBackup(client, TABLES, file))}.`);
    },
  });
  try {
    await stream.caughtUp();
    for (const experiment of await deps.experiments.list()) {
      const { left } = await repairTallies(deps, experiment);
      console.log(`${experiment.id}: the live counts are ${left === 0 ? 'the recount' : `off by ${left}`}.`);
    }
  } finally {
    await stop();
  }
}

/** Fills two empty tables anywhere. Whoever consumes their stream counts what comes; the counts of the erased it cannot know. */
export async function restoreTables(tables: TableNames, file: string): Promise<void> {
  mustExist(file);
  console.log(`Restored ${said(await readBackup(dynamoClient({}), tables, file))}.`);
  console.log('When the stream has been read, bring the live counts to the recount: npm run stepladder -- redrive');
}

function mustExist(file: string): void {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
}
