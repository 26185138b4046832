import type { Journey } from '#shared/journey/journey.ts';
import { CLOCK_RANGE } from '#shared/usecases/record-events.ts';
import { writeReport } from '#shared/usecases/write-report.ts';
import { seeded } from '../../local/simulation/random.ts';
import { anExperiment, DAY, HOUR, NOON } from '../support/an-experiment.ts';
import { audit } from './audit.ts';
import { type Heard, nothingHeard, type SentEvent, tell } from './callers.ts';
import { entry, happenings, names, shuffled } from './happenings.ts';
import type { Lab } from './lab.ts';

/** How far the clocks of the functions stand from the truth, one after the other: one of them runs ahead into another day. */
const SKEWS = [0, 13 * HOUR, -3 * HOUR, 0] as const;

/**
 * Clients whose clocks are wrong by up to four days, and functions whose clocks jump forth and back by hours. A time that is told
 * is moved into the range around the clock of whoever hears it, and the answer says so.
 */
export async function wrongClocks(lab: Lab, seed: number) {
  const { clock, truth } = lab;
  const random = seeded(seed);
  clock.now = NOON;
  const experiment = await lab.put(anExperiment({ id: 'clocks', at: NOON - 9 * DAY }));
  const heard = nothingHeard();
  const journeys: Journey[] = [];
  for (const [i, skew] of SKEWS.entries()) {
    clock.now = NOON + skew;
    await Promise.all(
      names(`skew-${i}`, 20).map(async (visitor) => {
        const { body } = await lab.site('/v1/assign', { body: { experiment: experiment.id, visitor } });
        const journey = entry(experiment, visitor, clock.now);
        if (JSON.parse(body ?? '').variant !== journey.variant) throw new Error('the clock moved a visitor');
        journeys.push(journey);
      }),
    );
  }
  const events = happenings(experiment, journeys, random).map((event): SentEvent => {
    const error = random.uniform() < 0.5 ? Math.floor((random.uniform() - 0.5) * 8 * DAY) : 0;
    return { ...event, at: (event.at ?? 0) + error };
  });
  const told: Heard['told'] = [];
  let clamped = 0;
  let misled = 0;
  for (const [i, skew] of SKEWS.entries()) {
    clock.now = NOON + HOUR + skew;
    const now = clock.now;
    const share = shuffled(events, random).filter((_, k) => k % 2 === i % 2);
    const { told: answers } = await tell(lab.site, share, { batch: 6, callers: 4 }, nothingHeard());
    for (const { event, answer } of answers) {
      const sent = event.at ?? now;
      const at = Math.min(Math.max(sent, now - CLOCK_RANGE.pastMs), now + CLOCK_RANGE.futureMs);
      if (at !== sent) clamped += 1;
      if ((answer.clamped === true) !== (at !== sent && answer.status === 'recorded')) misled += 1;
      told.push({ event: { ...event, at }, answer });
    }
    heard.requests += Math.ceil(share.length / 6);
  }
  heard.told.push(...told);
  await lab.caughtUp();
  const findings = await audit(truth, experiment, journeys, heard);
  clock.now = NOON + HOUR;
  const early = (await writeReport(truth, experiment.id)).report;
  clock.now = NOON + 40 * DAY;
  const late = (await writeReport(truth, experiment.id)).report;
  return { visitors: journeys.length, clamped, misled, heard, findings, early, late };
}
