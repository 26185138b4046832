import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShardBatch, ShardOutcome } from '#functions/stream/tally.ts';
import type { Reply } from '#shared/http/reply.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { HOUR } from '../support/an-experiment.ts';
import { audit } from './audit.ts';
import { nothingHeard, tell } from './callers.ts';
import { entry, names } from './happenings.ts';
import { type Ask, type Asked, environmentOf, type Lab, requestEvent } from './lab.ts';
import { bundleFunctions, type Mortal, start } from './mortal.ts';
import type { StoreCall } from './store-proxy.ts';
import { withAddresses } from './store-trouble.ts';

type Moment = 'before' | 'after';

/**
 * A function is killed at every await there is: its awaits are its calls of the store, and each is met twice, before the store hears
 * of it and after the store has done it. Every time a cold process; whoever called it calls another one.
 */
export async function killedFunctions(lab: Lab) {
  const folder = mkdtempSync(join(tmpdir(), 'stepladder-mortal-'));
  const bundle = await bundleFunctions(folder);
  const birth = () => start(bundle, environmentOf(lab.proxy.endpoint));
  const survivor = await birth();
  const kills = { site: 0, redirect: 0, tally: 0 };
  const heard = nothingHeard();
  const experiment = await lab.put(withAddresses('killed'));
  // The processes have clocks of their own.
  const now = Date.now();
  const journeys: Journey[] = [];

  /** Runs something against a process that dies at its nth call of the store; false when it did not live to make so many. */
  async function dying(nth: number, moment: Moment, run: (victim: Mortal) => Promise<unknown>): Promise<boolean> {
    const victim = await birth();
    let calls = 0;
    let killed = false;
    lab.proxy.watch = ({ operation }: StoreCall, when) => {
      // What the consumer in this process writes is none of the victim's.
      if (when !== moment || operation.includes('Query') || killed) return;
      calls += 1;
      if (calls <= nth) return;
      killed = true;
      victim.kill();
      if (moment === 'before') throw new Error('nobody is there any more');
    };
    await run(victim);
    lab.proxy.watch = () => {};
    victim.kill();
    await victim.ended;
    return killed;
  }

  const askOf =
    (mortal: Mortal, name: 'site' | 'redirect'): Ask =>
    (path, asked?: Asked) =>
      mortal.invoke(name, requestEvent(path, lab.key, asked)) as Promise<Reply>;

  async function atEveryCall(
    name: keyof typeof kills,
    run: (victim: Mortal, nth: number, moment: Moment) => Promise<unknown>,
  ) {
    for (const moment of ['before', 'after'] as const)
      for (let nth = 0; await dying(nth, moment, (victim) => run(victim, nth, moment)); nth++) kills[name] += 1;
  }

  const consume = lab.consume;
  const held: ShardBatch[] = [];
  // Until the consumer's turn comes, its batches wait.
  lab.consume = () => Promise.reject(new Error('the consumer waits'));

  await atEveryCall('site', async (victim, nth, moment) => {
    const visitors = names(`${moment}-${nth}`, 2);
    const events = visitors.flatMap((visitor, i) => {
      const journey = entry(experiment, visitor, 0, 'step');
      const { assignedAt: _, ...known } = journey;
      journeys.push(known);
      const ladder = experiment.sequences[0].ladders[journey.variant] ?? [];
      return ladder.map(({ step }, k) => ({
        experiment: experiment.id,
        visitor,
        step,
        at: now - HOUR + 1000 * (i + k),
      }));
    });
    let first = true;
    const firstToTheVictim: Ask = (...asked) => {
      const ask = askOf(first ? victim : survivor, 'site');
      first = false;
      return ask(...asked);
    };
    await tell(firstToTheVictim, events, { batch: 100, callers: 1, pauseMs: 0 }, heard);
  });

  await atEveryCall('redirect', async (victim) => {
    const path = `/go/${experiment.id}`;
    const reply = await askOf(victim, 'redirect')(path, { method: 'GET' }).catch(() => undefined);
    // The browser tries again, as somebody it has never been.
    if (reply === undefined) await askOf(survivor, 'redirect')(path, { method: 'GET' });
  });

  lab.consume = async (batch): Promise<ShardOutcome> => {
    held.push(batch);
    await atEveryCall('tally', (victim) => victim.invoke('tally', batch).catch(() => undefined));
    return (await survivor.invoke('tally', batch)) as ShardOutcome;
  };
  await lab.caughtUp();
  lab.consume = consume;
  survivor.kill();
  await survivor.ended;
  rmSync(folder, { recursive: true, force: true });
  return { kills, heard, batches: held.length, findings: await audit(lab.truth, experiment, journeys, heard) };
}
