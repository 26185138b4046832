import { describe, expect, it } from 'vitest';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { frozenFields } from '#shared/experiment/lifecycle.ts';
import { upgraded } from '#shared/experiment/upgraded.ts';
import { anExperiment } from '../support/an-experiment.ts';

/** As the first release wrote it: without the fields that were thought of later. */
function asFirstStored(experiment: Experiment): Experiment {
  const { metrics: _, ramp: __, allocation: ___, edge: ____, ...definition } = experiment.definition;
  return { ...experiment, definition } as unknown as Experiment;
}

describe('upgraded', () => {
  it('gives an experiment of the first release what it could not say', () => {
    const today = anExperiment();
    expect(upgraded(asFirstStored(today))).toEqual(today);
  });

  it('changes nothing about an experiment of today', () => {
    const today = anExperiment();
    expect(upgraded(today)).toEqual(today);
  });

  it('lets a running experiment of the first release take its own definition again', () => {
    const today = anExperiment();
    const running = upgraded({ ...asFirstStored(today), status: 'running' });
    expect(frozenFields(running, today.definition)).toEqual([]);
  });
});
