import { scheduledReports } from '#functions/schedule/report.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import type { Report } from '#shared/report/report.ts';
import { seeded } from '../../local/simulation/random.ts';
import { anExperiment, HOUR, NOON, steps } from '../support/an-experiment.ts';
import { EVERY_METRIC } from '../support/every-metric.ts';
import { audit } from './audit.ts';
import { click, enter, nothingHeard, pause, tell } from './callers.ts';
import { entry, happenings, names } from './happenings.ts';
import type { Lab } from './lab.ts';
import { fair, gone, storm, type Weather } from './store-proxy.ts';

const WEATHER = { slow: 10, throttled: 5, failing: 8, reset: 8, lost: 14 };
/** A hung call costs a function a second, so they are few; and one in so many, so that there are some. */
const HANGS_EVERY = 90;

/** An experiment whose steps have addresses, so that a redirect has somewhere to send people. */
export const withAddresses = (id: string): Experiment => {
  const at = (...ids: string[]) => steps(...ids).map((step) => ({ ...step, url: `https://shop.example/${step.id}` }));
  return anExperiment({
    id,
    metrics: EVERY_METRIC,
    variants: [
      { id: 'one-ask', name: 'One', steps: at('buy') },
      { id: 'ladder', name: 'Three', steps: at('question', 'plan', 'buy') },
    ],
  });
};

/** The store slow, throttled, failing, gone for a while and back, while visitors come in and do things. */
export async function storeTrouble(lab: Lab, seed: number) {
  const experiment = await lab.put(withAddresses(`trouble-${seed}`));
  const heard = nothingHeard();
  const visitors = names(experiment.id, 80);
  const { proxy, clock } = lab;
  clock.now = NOON;
  // Once in fair weather, so that the functions know the experiment, as they do after the first visitor of their life.
  await lab.redirect(`/go/${experiment.id}`, { method: 'HEAD' });
  let calls = 0;
  const bad = (weather: Weather): Weather => {
    return (call) => (++calls % HANGS_EVERY === 0 ? 'hung' : weather(call));
  };
  proxy.weather = bad(storm(seed, WEATHER));
  const [, clicks] = await Promise.all([
    enter(lab.site, experiment.id, visitors, heard),
    click(lab.redirect, experiment.id, 40),
  ]);
  clock.now = NOON + HOUR;
  const journeys = [
    ...visitors.map((visitor) => entry(experiment, visitor, NOON)),
    ...clicks.counted.map(({ visitor }) => entry(experiment, visitor, NOON, 'redirect')),
  ];
  const events = happenings(experiment, journeys, seeded(seed));
  const outages = (async () => {
    for (let i = 0; i < 2; i++) {
      await pause(500);
      proxy.weather = gone;
      await pause(400);
      proxy.weather = bad(storm(seed + i, WEATHER));
    }
  })();
  await Promise.all([tell(lab.site, events, { batch: 8, callers: 8 }, heard), outages]);
  proxy.weather = fair;
  await lab.caughtUp();
  return { experiment, events, heard, clicks, findings: await audit(lab.truth, experiment, journeys, heard) };
}

/** Writes the report of an experiment in bad weather, as often as it takes, and counts how often it was told to have failed. */
export async function reportInTrouble(lab: Lab, { id }: Experiment, seed: number) {
  const log = { info: () => {}, error: () => {} };
  let failures = 0;
  lab.proxy.weather = gone;
  const write = () => scheduledReports(lab.deps, log)().then(({ written }) => written.includes(id));
  while (!(await write().catch(() => false))) {
    failures += 1;
    if (failures > 20) throw new Error('the report is never written');
    lab.proxy.weather = storm(seed + failures, { slow: 1, failing: 2, reset: 2, lost: 3 });
  }
  lab.proxy.weather = fair;
  return { failures, report: (await lab.truth.reports.latest(id)) as Report };
}
