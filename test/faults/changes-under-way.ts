import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type Experiment, redefine } from '#shared/experiment/experiment.ts';
import { keys } from '#shared/store/dynamo/keys.ts';
import { writeReport } from '#shared/usecases/write-report.ts';
import { seeded } from '../../local/simulation/random.ts';
import { aDefinition, anExperiment, HOUR, NOON, steps } from '../support/an-experiment.ts';
import { audit } from './audit.ts';
import { enter, type Heard, nothingHeard, type SentEvent, tell } from './callers.ts';
import { putFirstReleaseExperiment, writeAsFirstRelease, writeAsLaterRelease } from './first-release.ts';
import { entry, happenings, names } from './happenings.ts';
import { type Lab, TABLES } from './lab.ts';

/** Functions of the first release, of this one and of one to come write to the same journeys, of an experiment from back then. */
export async function deployUnderWay(lab: Lab) {
  const { engine, clock, truth } = lab;
  clock.now = NOON;
  await putFirstReleaseExperiment(engine.client);
  const experiment = (await truth.experiments.find('first-release')) as Experiment;
  const journeys = names('v', 60).map((visitor) => entry(experiment, visitor, NOON));
  const heard = nothingHeard();
  const [old, fresh] = [journeys.slice(0, 30), journeys.slice(30)];
  await Promise.all([
    ...old.map((journey) => writeAsFirstRelease(engine.client, journey)),
    enter(
      lab.site,
      experiment.id,
      fresh.map(({ visitor }) => visitor),
      heard,
    ),
  ]);
  clock.now = NOON + HOUR;
  // Each event once: to move a time that is there the first release read and wrote in a second step, which is none of its shapes.
  const events = firstAccounts(happenings(experiment, journeys, seeded(3)));
  const later = Promise.all(
    journeys.filter((_, i) => i % 3 === 0).map((each) => writeAsLaterRelease(engine.client, each)),
  );
  const bySite = events.filter((_, i) => i % 2 === 0);
  const byOld = events
    .filter((_, i) => i % 2 === 1)
    .map(async (event) => {
      const journey = journeys.find(({ visitor }) => visitor === event.visitor);
      if (journey) await writeAsFirstRelease(engine.client, journey, event);
      heard.told.push({ event, answer: { status: 'recorded' } });
    });
  await Promise.all([tell(lab.site, bySite, { batch: 5, callers: 6 }, heard), later, ...byOld]);
  await lab.caughtUp();
  const findings = await audit(truth, experiment, journeys, heard);
  const { report } = await writeReport(truth, experiment.id);
  return { experiment, heard, findings, report, moods: await moods(lab, journeys.length) };
}

/** How many journeys still have what the later release put there. */
async function moods({ engine }: Lab, of: number): Promise<number> {
  let found = 0;
  for (const visitor of names('v', of)) {
    const { pk, sk } = keys.journey('first-release', visitor);
    const { Item } = await engine.client.send(
      new GetItemCommand({ TableName: TABLES.journeys, Key: { pk: { S: pk }, sk: { S: sk } } }),
    );
    if (Item?.mood?.S === 'hopeful' && Item['dream#flying']?.M) found += 1;
  }
  return found;
}

function firstAccounts(events: readonly SentEvent[]): SentEvent[] {
  const first = new Map<string, SentEvent>();
  for (const event of events) {
    const key = `${event.visitor} ${event.step}`;
    if (!first.has(key)) first.set(key, event);
  }
  return [...first.values()];
}

/**
 * An experiment gets another split and a longer ladder while its events come in. One instance of the function knows of it and
 * the other goes on with what it holds; what visitors do reaches both, whoever let them in.
 */
export async function revisionUnderWay(lab: Lab) {
  const { clock, truth } = lab;
  clock.now = NOON;
  const ladders = (weight: number, ...ids: string[]) => ({
    variants: [
      { id: 'one-ask', name: 'One', weight: 1, steps: steps('buy') },
      { id: 'ladder', name: 'Longer', weight, steps: steps(...ids, 'buy') },
    ],
  });
  const before = await lab.put(anExperiment({ id: 'revised', ...ladders(1, 'question', 'plan') }));
  const unaware = lab.anotherSite();
  const heard: Heard = nothingHeard();
  const early = names('early', 40).map((visitor) => entry(before, visitor, NOON));
  await enter(
    unaware,
    before.id,
    early.map(({ visitor }) => visitor),
    heard,
  );
  const earlyEvents = happenings(before, early, seeded(5));
  clock.now = NOON + HOUR;

  const telling = tell(unaware, earlyEvents.slice(0, 60), { batch: 5, callers: 4 }, heard);
  const definition = aDefinition({ id: 'revised', ...ladders(3, 'question', 'e-mail', 'plan') });
  const after = await lab.put(redefine(before, definition, clock.now));
  await telling;
  const aware = lab.anotherSite();
  const late = names('late', 40).map((visitor) => entry(after, visitor, NOON + HOUR));
  await enter(
    aware,
    after.id,
    late.map(({ visitor }) => visitor),
    heard,
  );
  clock.now = NOON + 2 * HOUR;
  const lateEvents = happenings(after, late, seeded(6));
  // To the unaware instance goes what it can know of; a step it has never heard of, it must refuse.
  const [known, unknown] = [
    lateEvents.filter(({ step }) => step !== 'e-mail'),
    lateEvents.filter(({ step }) => step === 'e-mail'),
  ];
  await Promise.all([
    tell(aware, earlyEvents.slice(60), { batch: 5, callers: 3 }, heard),
    tell(unaware, known, { batch: 5, callers: 3 }, heard),
    tell(aware, unknown, { batch: 5, callers: 3 }, heard),
  ]);
  await lab.caughtUp();
  const findings = await audit(truth, after, [...early, ...late], heard);
  const { report } = await writeReport(truth, after.id);
  return { before, after, heard, findings, report };
}
