import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamoDeps } from '#shared/store/dynamo/deps.ts';
import { createTables, type Engine, startEngine } from '../../local/stand-ins/engine.ts';
import { indexStream } from '../../local/stand-ins/engine-index.ts';
import { pollStream } from '../../local/stand-ins/stream-poller.ts';

const TABLES = { catalog: 'catalog', journeys: 'journeys' };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepladder-engine-'));
  file = join(folder, 'deep', 'engine.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const journeysOn = ({ client }: Engine) =>
  dynamoDeps({
    client,
    tables: TABLES,
    clock: Date.now,
    newId: () => 'id',
    experimentMaxAgeMs: 1_000,
    elapsed: Date.now,
  }).journeys;

const news = (visitor: string) => ({
  experiment: 'e',
  visitor,
  variant: 'a',
  sequence: 1,
  epoch: 1,
  revision: 1,
  source: 'api' as const,
  segments: {},
  signals: [],
  steps: {},
  assignedAt: 1_000,
});

describe('startEngine', () => {
  it('keeps journeys and their stream from one start to the next, in a file that has its index', async () => {
    const first = await startEngine({ file });
    await createTables(first.client, TABLES);
    await journeysOn(first).record(news('early'));
    await first.stop();
    expect(await indexStream(file)).toBe(false);

    const second = await startEngine({ file });
    await createTables(second.client, TABLES);
    await journeysOn(second).record(news('late'));
    expect((await journeysOn(second).find('e', 'early'))?.variant).toBe('a');
    const seen: string[] = [];
    const poller = await pollStream(
      second.client,
      second.endpoint,
      TABLES.journeys,
      async ({ Records }) => {
        seen.push(...Records.map(({ dynamodb }) => dynamodb?.NewImage?.sk?.S ?? ''));
        return { state: {}, batchItemFailures: [] };
      },
      (error) => seen.push(String(error)),
    );
    await poller.caughtUp();
    await poller.stop();
    await second.stop();
    expect(seen).toEqual(['early', 'late']);
  });

  it('leaves a file alone that was not closed cleanly, for the engine to recover', async () => {
    const engine = await startEngine({ file });
    await createTables(engine.client, TABLES);
    await journeysOn(engine).record(news('unsaved'));
    expect(await indexStream(file)).toBe(false);
    await engine.stop();
  });
});
