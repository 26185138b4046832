import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import { recordEvents } from '#shared/usecases/record-events.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { anExperiment, DAY, NOON, steps } from '../support/an-experiment.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

/** The recipe of docs/who-takes-part.md: an experiment that holds people out of all others, and measures what they miss. */
const PEOPLE = 220;
const POLICY = { minimumGoals: 1, minimumDays: 1, wholeWeeks: false, plannedDays: 1 };
const takesPart = [{ attribute: 'takes_part', operator: 'is', value: 'everything' } as const];
const everything = anExperiment({
  id: 'everything',
  salt: 'everything',
  at: NOON - DAY,
  control: 'held-out',
  variants: [
    { id: 'held-out', name: 'no experiments', steps: steps('buy') },
    { id: 'everything', name: 'all experiments', steps: steps('buy') },
  ],
  windowDays: 1,
  policy: POLICY,
});
const others = ['headline', 'price'].map((id) =>
  anExperiment({ id, salt: id, at: NOON - DAY, audience: takesPart, policy: POLICY }),
);

let platform: Platform;
const groups = new Map<string, string>();

async function asked(experiment: string, visitor: string, attributes = {}) {
  const live = await platform.deps.live(experiment);
  if (live === undefined) throw new Error(`${experiment} is not live`);
  return assignVisitor(platform.deps, live, { visitor, attributes, source: 'api', signals: [] });
}

const bought = (visitor: string, ...experiments: readonly string[]) =>
  recordEvents(
    platform.deps,
    experiments.map((experiment) => ({ type: 'step', experiment, visitor, step: 'buy', at: NOON })),
    [],
  );

beforeAll(async () => {
  platform = await openPlatform();
  for (const experiment of [everything, ...others]) await platform.put(experiment);
  for (let person = 0; person < PEOPLE; person += 1) {
    const visitor = `person-${person}`;
    // What a site does: it asks for this experiment first, and tells all others what it heard.
    const { variant } = await asked('everything', visitor);
    groups.set(visitor, variant);
    const served = await Promise.all(others.map(({ id }) => asked(id, visitor, { takes_part: variant })));
    // One in ten buys, and two more for every treatment they meet.
    const chances = 1 + 2 * served.filter(({ variant }) => variant === 'ladder').length;
    if (person % 10 >= chances) continue;
    await bought(visitor, 'everything', ...others.map(({ id }) => id));
  }
});
afterAll(() => platform?.stop());

describe('an experiment of which one variant is held out of all others', () => {
  it('keeps those who are held out in the control of every other experiment, and counts them in none', async () => {
    const heldOut = [...groups].flatMap(([visitor, variant]) => (variant === 'held-out' ? [visitor] : []));
    expect(heldOut.length).toBeGreaterThan(PEOPLE * 0.4);
    for (const visitor of heldOut.slice(0, 20))
      for (const { id, definition } of others) {
        const { assignment, variant } = await asked(id, visitor, { takes_part: 'held-out' });
        expect(assignment).toMatchObject({ kind: 'not-assigned', reason: 'not-targeted' });
        expect(variant).toBe(definition.control);
        expect(await platform.deps.journeys.find(id, visitor)).toBeUndefined();
        // Nor does a purchase that is told of without a word about the visitor bring them in.
        expect((await bought(visitor, id))[0]?.status).not.toBe('recorded');
        expect(await platform.deps.journeys.find(id, visitor)).toBeUndefined();
      }
  });

  it('puts everybody else into all other experiments', async () => {
    const everybodyElse = [...groups].flatMap(([visitor, variant]) => (variant === 'everything' ? [visitor] : []));
    expect(everybodyElse.length).toBeGreaterThan(PEOPLE * 0.4);
    for (const { id } of others) {
      const journeys = await Promise.all(everybodyElse.map((visitor) => platform.deps.journeys.find(id, visitor)));
      expect(journeys.filter((journey) => journey === undefined)).toEqual([]);
    }
  });

  it('measures what all other experiments together do, by everyone who came', async () => {
    platform.clock.now = NOON + 3 * DAY;
    const { variants, verdict } = await readReport(platform.deps, 'everything');
    platform.clock.now = NOON;
    expect(variants.reduce((sum, { counted }) => sum + counted, 0)).toBe(PEOPLE);
    expect(verdict).toMatchObject({ kind: 'winner', variant: 'everything' });
    // One in ten, and three in ten where two experiments show their treatment to half of the people each.
    const [heldOut, others] = [true, false].map(
      (control) => variants.find((each) => each.control === control)?.goalRate,
    );
    for (const [rate, truth] of [
      [heldOut, 0.1],
      [others, 0.3],
    ] as const) {
      expect(rate?.low).toBeLessThan(truth);
      expect(rate?.high).toBeGreaterThan(truth);
    }
  });
});
