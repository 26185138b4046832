import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { dynamoDeps } from '#shared/store/dynamo/deps.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { createTables, type Engine, startEngine } from '../../local/stand-ins/engine.ts';
import { NOON } from './an-experiment.ts';

const TABLES = { catalog: 'catalog', journeys: 'journeys' };

/** The real stores on an engine in memory, a clock that a test sets, and a list of every command that was sent. */
export type Platform = {
  readonly deps: Deps;
  readonly engine: Engine;
  readonly clock: { now: number };
  readonly commands: string[];
  /** What is sent while something runs, in order. */
  readonly sentDuring: (run: () => Promise<unknown>) => Promise<string[]>;
  /** Puts an experiment in place as if it had been made through the API. */
  readonly put: (experiment: Experiment) => Promise<Experiment>;
  readonly stop: () => Promise<void>;
};

export async function openPlatform(experimentMaxAgeMs = 0): Promise<Platform> {
  const engine = await startEngine();
  const commands: string[] = [];
  record(engine.client, commands);
  await createTables(engine.client, TABLES);
  const clock = { now: NOON };
  let ids = 0;
  const deps = dynamoDeps({
    client: engine.client,
    tables: TABLES,
    clock: () => clock.now,
    newId: () => `new-id-${String(ids++).padStart(15, '0')}`,
    experimentMaxAgeMs,
    elapsed: () => performance.now(),
  });
  return {
    deps,
    engine,
    clock,
    commands,
    sentDuring: async (run) => {
      const from = commands.length;
      await run();
      return commands.slice(from);
    },
    put: async (experiment) => {
      const line = { revision: experiment.revision, at: clock.now, by: 'ada', experiment };
      if (await deps.experiments.find(experiment.id))
        await deps.experiments.replace(experiment, { ...line, action: 'edited' });
      else await deps.experiments.create(experiment, { ...line, action: 'created' });
      return experiment;
    },
    stop: () => engine.stop(),
  };
}

function record(client: DynamoDBClient, commands: string[]): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      commands.push(String(context.commandName).replace('Command', ''));
      return next(args);
    },
    { step: 'initialize', name: 'recordCommands' },
  );
}
