import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { siteApi } from '#functions/api/site.ts';
import { tallyStream } from '#functions/stream/tally.ts';
import { dynamoDeps } from '#shared/store/dynamo/deps.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { seeded } from '../../local/simulation/random.ts';
import { createTables, startEngine } from '../../local/stand-ins/engine.ts';
import { pollStream } from '../../local/stand-ins/stream-poller.ts';
import { anExperiment, HOUR, NOON } from '../support/an-experiment.ts';
import { audit } from './audit.ts';
import { enter, nothingHeard, tell } from './callers.ts';
import { entry, happenings, names } from './happenings.ts';
import { type Ask, requestEvent, TABLES } from './lab.ts';

/** The embedded engine, which keeps its data in a file, is killed again and again under load, and comes back by itself. */
export async function engineKilled(seed: number) {
  const folder = mkdtempSync(join(tmpdir(), 'stepladder-killed-'));
  const restarts: string[] = [];
  const engine = await startEngine({ file: join(folder, 'engine.db'), report: (what) => restarts.push(what) });
  await createTables(engine.client, TABLES);
  const clock = { now: NOON };
  const deps = dynamoDeps({
    client: engine.client,
    tables: TABLES,
    clock: () => clock.now,
    newId: () => 'id',
    experimentMaxAgeMs: 500,
    elapsed: () => performance.now(),
  });
  await deps.secrets.prepare();
  const handler = siteApi(deps, () => {}, { access: 'open' });
  const inProcess: Ask = (path, asked) => handler(requestEvent(path, '', asked), {} as Context);
  const tally = tallyStream({ tallies: deps.tallies, sequenceOf: sequenceOf(deps.experiments) });
  const stream = await pollStream(engine.client, engine.endpoint, TABLES.journeys, tally, () => {});
  const experiment = anExperiment({ id: 'engine-killed' });
  const line = { revision: experiment.revision, at: NOON, by: 'ada', action: 'created', experiment } as const;
  await deps.experiments.create(experiment, line);

  const heard = nothingHeard();
  const visitors = names('v', 200);
  const journeys = visitors.map((visitor) => entry(experiment, visitor, NOON));
  const events = happenings(experiment, journeys, seeded(seed));
  let kills = 0;
  let answered = 0;
  // Under load: in the midst of entering, and twice in the midst of events.
  const killAt = [80, 240, 300];
  const underFire: Ask = async (path, asked) => {
    const reply = await inProcess(path, asked);
    answered += 1;
    const isUp = restarts.length === kills;
    if (isUp && answered >= (killAt[kills] ?? Infinity)) {
      kills += 1;
      const pid = engine.pid();
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    }
    return reply;
  };
  await enter(underFire, experiment.id, visitors, heard);
  clock.now = NOON + HOUR;
  await tell(underFire, events, { batch: 3, callers: 8, pauseMs: 50 }, heard);
  await stream.caughtUp();
  const findings = await audit(deps, experiment, journeys, heard);
  await stream.stop();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
  return { events, heard, kills, restarts, findings };
}
