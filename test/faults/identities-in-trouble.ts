import { commitmentKey } from '#shared/journey/commitment.ts';
import { recountWithDrift } from '#shared/usecases/recount.ts';
import { seeded } from '../../local/simulation/random.ts';
import { HOUR, NOON, SECOND } from '../support/an-experiment.ts';
import type { Findings } from './audit.ts';
import { enter, type Heard, nothingHeard, pause, type SentEvent, tell } from './callers.ts';
import { names, shuffled } from './happenings.ts';
import type { Ask, Lab } from './lab.ts';
import { fair, storm } from './store-proxy.ts';
import { withAddresses } from './store-trouble.ts';

/**
 * People become known under another id while they do things under both, half of them with a journey under each, and the store is
 * in trouble: handing over a journey is several writes, and each may be cut off.
 */
export async function identitiesInTrouble(lab: Lab, seed: number) {
  const { proxy, clock, truth } = lab;
  const experiment = await lab.put(withAddresses(`known-${seed}`));
  const [browsers, members] = [names(`browser-${seed}`, 30), names(`member-${seed}`, 30)];
  // An instance that has not held the list of experiments from before this one was there.
  const site = lab.anotherSite();
  const heard = nothingHeard();
  clock.now = NOON;
  await enter(site, experiment.id, [...browsers, ...members.filter((_, i) => i % 2 === 0)], heard);
  clock.now = NOON + HOUR;
  const events = (round: number): SentEvent[] =>
    browsers.flatMap((browser, i) =>
      [browser, members[i] ?? ''].flatMap((visitor, k) => [
        { experiment: experiment.id, visitor, step: 'buy', at: NOON + (10 * round + k) * SECOND + i },
        {
          type: 'commitment' as const,
          experiment: experiment.id,
          visitor,
          activity: 'post',
          // The same post is told under either id.
          eventId: `post-${round}-${(i + k) % 3 === 0 ? 'both' : k}`,
          at: NOON + 60 * SECOND + i,
        },
      ]),
    );
  proxy.weather = storm(seed, { slow: 10, failing: 6, reset: 8, lost: 14 });
  await Promise.all([
    tell(site, shuffled(events(0), seeded(seed)), { batch: 4, callers: 4 }, heard),
    ...browsers.map((browser, i) => identified(site, browser, members[i] ?? '', heard)),
  ]);
  await tell(site, shuffled(events(1), seeded(seed + 1)), { batch: 4, callers: 6 }, heard);
  proxy.weather = fair;
  // What a cut may have left undone, a repeat mends: an application says it at each login.
  await Promise.all(browsers.map((browser, i) => identified(site, browser, members[i] ?? '', heard)));
  await lab.caughtUp();

  let lost = 0;
  for (const { event, answer } of heard.told) {
    if (!['recorded', 'duplicate'].includes(answer.status)) throw new Error(`an event was ${answer.status}`);
    const person = await truth.journeys.find(experiment.id, event.visitor);
    const at = event.type
      ? person?.commitments?.[commitmentKey(event.activity ?? '', event.eventId ?? '')]?.at
      : person?.steps[event.step ?? '']?.at;
    if (at === undefined || at > (event.at ?? 0)) lost += 1;
  }
  const { tally, drift } = await recountWithDrift(truth, experiment);
  const people = [...tally.values()].reduce((sum, { n = 0 }) => sum + n, 0);
  const findings: Findings = { lost, double: Math.max(0, people - browsers.length), lies: 0, drift, unheard: 0 };
  return { heard, findings, people };
}

async function identified(site: Ask, visitor: string, knownAs: string, heard: Heard): Promise<void> {
  for (let round = 0; round < 60; round++) {
    heard.requests += 1;
    const { statusCode, body } = await site('/v1/identify', { body: { visitor, knownAs } });
    if (statusCode === 200) return;
    if (statusCode !== 503) throw new Error(`to identify was answered ${statusCode}: ${body}`);
    heard.busy += 1;
    await pause(20);
  }
  throw new Error(`nobody identifies ${visitor}`);
}
