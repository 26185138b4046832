import type { Experiment } from '#shared/experiment/experiment.ts';
import type { TableNames } from '#shared/store/dynamo/tables.ts';
import type { Rotated } from '#shared/usecases/ports.ts';
import type { Repaired } from '#shared/usecases/repair-tallies.ts';
import type { ApiClient } from './api-client.ts';
import type { Commands } from './command.ts';
import { at } from './experiments.ts';

type HeldOut = { readonly holdout: number; readonly revision: number; readonly at?: number; readonly by?: string };

/** What keeps an installation in order. `folder` is where this machine keeps its own; `tables` are those that the environment names. */
export function operationCommands({ call }: ApiClient, folder: string, tables: TableNames | undefined): Commands {
  const repair = async (id: string): Promise<void> => {
    const { drift, cells, left } = await call<Repaired>('POST', `${at(id)}/repair`, {});
    if (drift === 0) console.log(`${id}: the live counts are the recount.`);
    else console.log(`${id}: the live counts were off by ${drift} in ${cells} cells, and are off by ${left} now.`);
  };
  return {
    repair: { takes: 'ID', does: 'bring the live counts to the recount', run: ([id = '']) => repair(id) },
    redrive: {
      does: 'after dead letters of the stream: the same for every experiment',
      run: async () => {
        const { experiments } = await call<{ experiments: Experiment[] }>('GET', '/v1/experiments');
        for (const { id, status } of experiments)
          if (status !== 'draft')
            await repair(id).catch((error: Error) => {
              // One that is busy keeps no other waiting.
              console.error(`${id}: ${error.message}`);
              process.exitCode = 1;
            });
        console.log(
          'Reports need no redrive: each is counted anew. docs/runbook/dead-letters.md says what is left to do.',
        );
      },
    },
    publish: {
      takes: 'ID',
      does: 'make the edge know an experiment as it is now',
      run: async ([id = '']) => console.log(JSON.stringify(await call('POST', `${at(id)}/publish`, {}))),
    },
    'rotate-secret': {
      takes: 'token [leaked]',
      does: 'a new secret for visitors’ tokens; after a leak the old one is refused at once',
      run: async ([which, why]) => {
        if (which === 'recipient')
          throw new Error(
            'the secret of recipients is never rotated: it signs links in e-mails, which are opened years later',
          );
        if (which !== 'token' || (why !== undefined && why !== 'leaked'))
          throw new Error('rotate-secret takes token, and leaked after a leak');
        const { signsFrom } = await call<Rotated>('POST', '/v1/token-secret/rotate', { leaked: why === 'leaked' });
        console.log(`The new secret is accepted now and signs from ${new Date(signsFrom).toISOString()}.`);
        console.log(
          'Experiments in edge mode are published again by the daily run; after a leak, publish each now (stepladder publish ID).',
        );
      },
    },
    holdout: {
      takes: '[SHARE]',
      does: 'the share of all visitors who are in no experiment, such as 0.05; with SHARE, change it',
      run: async ([share]) => {
        const settings = await (share === undefined
          ? call<HeldOut>('GET', '/v1/settings')
          : call<HeldOut>('PUT', '/v1/settings', { holdout: Number(share) }));
        const { holdout, revision, at: when = 0, by } = settings;
        const since = revision === 0 ? 'nobody ever set it' : `by ${by}, ${new Date(when).toISOString()}`;
        console.log(`${holdout} of all visitors are held out (revision ${revision}, ${since}).`);
        if (share !== undefined) console.log('Running functions notice within 15 seconds. Whoever joined stays in.');
      },
    },
    erase: {
      takes: 'VISITOR',
      does: 'erase all journeys of a visitor; what was counted stays counted, without a name',
      run: async ([visitor = '']) => {
        const path = `/v1/visitors/${encodeURIComponent(visitor)}`;
        const { erasedFrom } = await call<{ erasedFrom: string[] }>('DELETE', path);
        console.log(erasedFrom.length === 0 ? 'There was nothing of them.' : `Erased from ${erasedFrom.join(', ')}.`);
      },
    },
    expire: {
      does: 'delete the journeys of this machine whose time is up; on AWS the table does it',
      run: async () => (await import('./expire.ts')).expire(folder),
    },
    backup: {
      takes: 'FILE',
      does: 'both tables into one file (.jsonl.gz): those of this machine, or CATALOG_TABLE and JOURNEYS_TABLE on AWS',
      run: async ([file = '']) => {
        const { backUp, backUpTables } = await import('./backup.ts');
        await (tables ? backUpTables(tables, file) : backUp(folder, file));
      },
    },
    restore: {
      takes: 'FILE',
      does: 'such a file into an empty STEPLADDER_DATA, or into such tables while they are empty',
      run: async ([file = '']) => {
        const { restore, restoreTables } = await import('./backup.ts');
        await (tables ? restoreTables(tables, file) : restore(folder, file));
      },
    },
  };
}
