import { describe, expect, it } from 'vitest';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { headlineOf } from '#shared/report/headline.ts';
import { reportsAreDue } from '../../local/stand-ins/report-schedule.ts';
import { aReport, clearWinner } from '../report/a-report.ts';
import { anExperiment, DAY, HOUR, NOON } from '../support/an-experiment.ts';

const report = aReport({ daily: clearWinner });
/** Experiments, each with the instant of its newest report, if it has one. */
const world = (...all: readonly (readonly [Experiment, number?])[]) => ({
  experiments: { list: async () => all.map(([experiment]) => experiment) },
  reports: {
    headlines: async (id: string) => {
      const at = all.find(([experiment]) => experiment.id === id)?.[1];
      return at === undefined ? [] : [headlineOf({ ...report, writtenAt: at })];
    },
  },
});
const [running, draft] = [anExperiment({ id: 'a' }), anExperiment({ id: 'b', status: 'draft' })];

describe('reportsAreDue', () => {
  it.each([
    { name: 'nothing is there', all: [], due: false },
    { name: 'nothing has started', all: [[draft]], due: false },
    { name: 'one has started and was never reported', all: [[running]], due: true },
    { name: 'its report is of today', all: [[running, NOON - 23 * HOUR]], due: false },
    { name: 'its report is a day old', all: [[running, NOON - DAY]], due: true },
    {
      name: 'one of several is a day old',
      all: [
        [anExperiment({ id: 'c' }), NOON - HOUR],
        [running, NOON - 3 * DAY],
      ],
      due: true,
    },
  ] as const)('is $due when $name', async ({ all, due }) => {
    expect(await reportsAreDue(world(...all), NOON)).toBe(due);
  });
});
