import { describe, expect, it } from 'vitest';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { liveExperiments } from '#shared/usecases/live-experiments.ts';
import type { Settings } from '#shared/usecases/ports.ts';
import { anExperiment } from '../support/an-experiment.ts';

/** A store that answers with what the test puts on the shelf, or fails when there is nothing; it counts how often it is asked. */
function shelf(first: Experiment | undefined) {
  const state = { experiment: first, settings: undefined as Settings | undefined, down: false, asked: 0, now: 0 };
  const find = async () => {
    state.asked += 1;
    if (state.down) throw new Error('the store is down');
    return state.experiment;
  };
  return {
    state,
    live: liveExperiments(
      { experiments: { find }, settings: { find: async () => state.settings } },
      () => state.now,
      1_000,
    ),
  };
}

describe('liveExperiments', () => {
  it('gives the experiment with its packed form', async () => {
    const { live } = shelf(anExperiment());
    expect(await live('checkout')).toMatchObject({ experiment: { id: 'checkout' }, packed: { kind: 'split' } });
  });

  it('takes the holdout of the installation into it, as it was when the experiment was read', async () => {
    const { state, live } = shelf(anExperiment());
    const holdout = async () => {
      const found = await live('checkout');
      return found?.packed.kind === 'split' ? found.packed.holdout?.end : 'nothing';
    };
    expect(await holdout()).toBeUndefined();
    state.settings = { revision: 1, at: 0, by: 'ada', holdout: { share: 0.25, salt: 'drawn once' } };
    state.now = 999;
    expect(await holdout()).toBeUndefined();
    state.now = 1_000;
    expect(await holdout()).toBe(2 ** 30);
  });

  it.each([
    { name: 'a draft', experiment: anExperiment({ status: 'draft' }) },
    { name: 'a name nobody knows', experiment: undefined },
  ])('gives nothing for $name', async ({ experiment }) => {
    expect(await shelf(experiment).live('checkout')).toBeUndefined();
  });

  it('asks the store once in every stretch of its maximum age, and takes up changes after it', async () => {
    const { state, live } = shelf(anExperiment());
    await Promise.all([live('checkout'), live('checkout')]);
    state.experiment = anExperiment({ status: 'paused' });
    state.now = 999;
    expect((await live('checkout'))?.packed.kind).toBe('split');
    expect(state.asked).toBe(1);
    state.now = 1_000;
    expect((await live('checkout'))?.packed.kind).toBe('fixed');
    expect(state.asked).toBe(2);
  });

  it('holds that a name is unknown, so that a flood of wrong names is no flood of reads', async () => {
    const { state, live } = shelf(undefined);
    await live('nobody');
    await live('nobody');
    expect(state.asked).toBe(1);
  });

  it('fails while there is nothing older, and asks again', async () => {
    const { state, live } = shelf(anExperiment());
    state.down = true;
    await expect(live('checkout')).rejects.toThrow('down');
    state.down = false;
    expect((await live('checkout'))?.packed.kind).toBe('split');
  });

  it('serves the older copy for as long as the store is down, however often it is asked', async () => {
    const { state, live } = shelf(anExperiment());
    await live('checkout');
    state.down = true;
    for (const now of [1_000, 1_001, 2_500, 60_000]) {
      state.now = now;
      expect((await live('checkout'))?.packed.kind, `at ${now}`).toBe('split');
    }
    state.down = false;
    state.experiment = anExperiment({ status: 'paused' });
    state.now = 120_000;
    expect((await live('checkout'))?.packed.kind).toBe('fixed');
  });

  it('forgets names before they fill the memory', async () => {
    const { state, live } = shelf(undefined);
    for (let i = 0; i < 6_000; i++) await live(`name-${i}`);
    await live('name-0');
    expect(state.asked).toBe(6_001);
  });
});
