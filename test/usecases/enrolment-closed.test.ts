import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countsOf } from '#shared/tally/counts.ts';
import { measured } from '#shared/tally/measured.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import { recordEvents } from '#shared/usecases/record-events.ts';
import { recount } from '#shared/usecases/recount.ts';
import { anExperiment, DAY, HOUR, NOON } from '../support/an-experiment.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform?.stop());

describe('an experiment whose enrolment is closed', () => {
  it('counts what those who joined go on to do, and takes nobody more', async () => {
    const experiment = await platform.put(
      anExperiment({
        windowDays: 28,
        enrolment: { until: new Date(NOON + HOUR).toISOString() },
        metrics: [{ id: 'posts', name: 'Posts', kind: 'count', activity: 'post' }],
      }),
    );
    const { deps, clock } = platform;
    const live = await deps.live('checkout');
    if (live === undefined) throw new Error('it has been started');
    const visit = (visitor: string) =>
      assignVisitor(deps, live, { visitor, attributes: {}, source: 'api', signals: [] });
    const of = (visitor: string) => ({ experiment: 'checkout', visitor });
    const { variant } = await visit('ada');

    clock.now = NOON + 20 * DAY;
    expect(await visit('grace')).toMatchObject({ assignment: { reason: 'not-running' }, variant: 'one-ask' });
    const answers = await recordEvents(
      deps,
      [
        { type: 'commitment', activity: 'post', eventId: 'p-1', ...of('ada') },
        { type: 'commitment', activity: 'post', eventId: 'p-2', ...of('ada') },
        { type: 'step', step: 'buy', ...of('ada') },
        { type: 'step', step: 'buy', ...of('grace') },
      ],
      [],
    );
    clock.now = NOON;
    expect(answers.map(({ status }) => status)).toEqual(['recorded', 'recorded', 'recorded', 'refused']);
    expect(answers[3]).toMatchObject({ code: 'visitor-not-assigned' });

    const [sequence] = experiment.sequences;
    const counts = countsOf(await recount(deps, experiment), sequence, () => true);
    const reached = counts.flatMap(({ variant: each, visitors, goals }) =>
      visitors > 0 ? [[each, visitors, goals]] : [],
    );
    expect(reached).toEqual([[variant, 1, 1]]);
    const journey = await deps.journeys.find('checkout', 'ada');
    expect(journey && measured(journey, sequence)).toMatchObject([[{ id: 'posts' }, { x: 2 }]]);
  });
});
