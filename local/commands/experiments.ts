import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Experiment, Revision } from '#shared/experiment/experiment.ts';
import type { FrictionRow } from '#shared/report/frictions.ts';
import { frictionsText } from '#shared/report/frictions-text.ts';
import type { Report } from '#shared/report/report.ts';
import { reportText } from '#shared/report/text.ts';
import type { ApiClient } from './api-client.ts';
import type { Commands } from './command.ts';
import { journeyLines } from './journey-lines.ts';

export const at = (experiment: string): string => `/v1/experiments/${encodeURIComponent(experiment)}`;

/** What one does with experiments. */
export function experimentCommands({ address, call, request, ask }: ApiClient): Commands {
  const move = async (id: string, verb: 'start' | 'pause' | 'conclude', body: unknown = {}): Promise<void> => {
    const { status, revision } = await call<Experiment>('POST', `${at(id)}/${verb}`, body);
    console.log(`${id} is ${status}, at revision ${revision}.`);
  };
  return {
    list: {
      does: 'all experiments',
      run: async () => {
        const { experiments } = await call<{ experiments: Experiment[] }>('GET', '/v1/experiments');
        if (experiments.length === 0) console.log('No experiments yet: stepladder apply FILE');
        for (const { id, status, revision, definition } of experiments)
          console.log(
            `${id.padEnd(28)} ${status.padEnd(10)} revision ${String(revision).padEnd(4)} ${definition.name}`,
          );
      },
    },
    apply: {
      takes: 'FILE',
      does: 'create an experiment from a JSON file, or give it a new definition',
      run: async ([file = '']) => {
        const definition = JSON.parse(await readFile(file, 'utf8')) as { id: string };
        const known = await request<Experiment>('GET', at(definition.id));
        const after =
          known.status === 404
            ? await call<Experiment>('POST', '/v1/experiments', definition)
            : await call<Experiment>('PUT', at(definition.id), definition);
        console.log(`${after.id} is ${after.status}, at revision ${after.revision}.`);
        if (after.status === 'draft') console.log(`Start it: npm run stepladder -- start ${after.id}`);
        const before = known.status === 200 ? known.body.sequences.length : after.sequences.length;
        if (after.sequences.length > before)
          console.log(
            `The steps changed, so this is sequence version ${after.sequences.length}; it is counted from nothing.`,
          );
      },
    },
    show: {
      takes: 'ID',
      does: 'one experiment, as JSON',
      run: async ([id = '']) => console.log(JSON.stringify(await call('GET', at(id)), null, 2)),
    },
    start: { takes: 'ID', does: 'start it, or resume it', run: ([id = '']) => move(id, 'start') },
    pause: { takes: 'ID', does: 'everyone gets the control; nobody joins', run: ([id = '']) => move(id, 'pause') },
    conclude: {
      takes: 'ID [VARIANT]',
      does: 'stop counting; everyone gets VARIANT from now on (the control when absent)',
      run: ([id = '', variant]) => move(id, 'conclude', variant ? { ship: variant } : {}),
    },
    revisions: {
      takes: 'ID',
      does: 'who changed what, and when',
      run: async ([id = '']) => {
        const { revisions } = await call<{ revisions: Revision[] }>('GET', `${at(id)}/revisions`);
        for (const { revision, at: when, by, action } of revisions)
          console.log(
            `${String(revision).padStart(4)}  ${new Date(when).toISOString()}  ${action.padEnd(10)} by ${by}`,
          );
      },
    },
    report: {
      takes: 'ID',
      does: 'recount and judge now',
      run: async ([id = '']) => console.log(reportText(await call<Report>('GET', `${at(id)}/report`))),
    },
    frictions: {
      does: 'what makes steps hard, across experiments',
      run: async () => {
        const { frictions } = await call<{ frictions: FrictionRow[] }>('GET', '/v1/frictions');
        console.log(frictionsText(frictions));
      },
    },
    journeys: {
      takes: 'ID',
      does: 'the journeys themselves, as JSON lines: npm run --silent stepladder -- journeys ID > FILE',
      run: async ([id = '']) => {
        let count = 0;
        const told = () => `${count.toLocaleString('en-US')} journeys of ${id}`;
        for await (const lines of journeyLines(new URL(`${at(id)}/journeys.jsonl`, address).href, ask)) {
          count += lines.split('\n').length - 1;
          // Beside the output, which may be a file; and no faster than its reader takes it.
          if (process.stderr.isTTY) process.stderr.write(`\r${told()}`);
          if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
        }
        process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${told()}\n`);
      },
    },
  };
}
