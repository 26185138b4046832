import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExperiment, editExperiment, moveExperiment } from '#shared/usecases/define-experiment.ts';
import { aDefinition } from '../support/an-experiment.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform?.stop());

let layers = 0;
/** A layer of its own for each test, with what people do to experiments of it. */
function given() {
  const name = `layer-${layers++}`;
  const named = (id: string) => `${name}-${id}`;
  const define = (id: string, from: number, until: number) =>
    aDefinition({ id: named(id), layer: { name, from, until } });
  const { deps } = platform;
  return {
    named,
    define,
    create: (...slice: [string, number, number]) => createExperiment(deps, define(...slice), 'salt', 'ada'),
    edit: (...slice: [string, number, number]) => editExperiment(deps, define(...slice), undefined, 'ada'),
    move: (id: string, move: 'started' | 'paused' | 'concluded') => moveExperiment(deps, named(id), move, 'ada'),
  };
}

describe('a slice of a layer', () => {
  it('may lie beside the others, up to the point where they begin', async () => {
    const { create } = given();
    await create('a', 0, 0.1 + 0.2);
    await create('b', 0.3, 0.6);
    await create('c', 0.6, 1);
  });

  it('may be that of another layer, and is nobody’s where there is no layer', async () => {
    await given().create('a', 0, 1);
    await given().create('a', 0, 1);
    await createExperiment(platform.deps, aDefinition({ id: `no-layer-${layers}` }), 'salt', 'ada');
  });

  it('is refused when it is taken, by name and with what is free', async () => {
    const { create, named } = given();
    await create('a', 0.1, 0.4);
    await create('b', 0.5, 0.7);
    const message = `overlaps 0.1 to 0.4 of ${named('a')} and 0.5 to 0.7 of ${named('b')}; free are 0 to 0.1, 0.4 to 0.5, 0.7 to 1`;
    await expect(create('c', 0.3, 0.6)).rejects.toMatchObject({
      code: 'experiment.slice-taken',
      message: expect.stringContaining(message),
      issues: [{ path: ['layer'], message }],
    });
    expect(await platform.deps.experiments.find(named('c'))).toBeUndefined();
  });

  it('is refused with the way out when nothing is free', async () => {
    const { create } = given();
    await create('a', 0, 1);
    await expect(create('b', 0.3, 0.6)).rejects.toMatchObject({
      message: expect.stringMatching(/nothing is free until one of them is concluded$/),
    });
  });

  it('is refused to an edit of a draft, which keeps what it had', async () => {
    const { create, edit, named } = given();
    await create('a', 0, 0.5);
    await create('b', 0.5, 1);
    await expect(edit('b', 0.4, 1)).rejects.toMatchObject({ code: 'experiment.slice-taken' });
    expect((await platform.deps.experiments.find(named('b')))?.definition.layer?.from).toBe(0.5);
    await edit('b', 0.6, 1);
    await edit('a', 0, 0.6);
  });

  it('stays taken while its experiment pauses, and is free once it is concluded', async () => {
    const { create, move } = given();
    await create('a', 0, 0.5);
    await move('a', 'started');
    await move('a', 'paused');
    await expect(create('b', 0.2, 0.7)).rejects.toMatchObject({ code: 'experiment.slice-taken' });
    await move('a', 'concluded');
    await create('b', 0.2, 0.7);
    await move('b', 'started');
  });

  it('is refused at the start to drafts that were written at one moment, neither seeing the other', async () => {
    const { create, define, move, named } = given();
    await create('a', 0, 0.5);
    const unseen = { ...platform.deps.experiments, list: async () => [] };
    await createExperiment({ ...platform.deps, experiments: unseen }, define('b', 0.4, 1), 'salt', 'ada');
    for (const id of ['a', 'b'])
      await expect(move(id, 'started')).rejects.toMatchObject({ code: 'experiment.slice-taken' });
    for (const id of ['a', 'b']) expect((await platform.deps.experiments.find(named(id)))?.status).toBe('draft');
  });

  it('keeps nobody from changing the rest of an experiment that runs', async () => {
    const { create, define, edit, move } = given();
    await create('a', 0, 0.5);
    await move('a', 'started');
    const unseen = { ...platform.deps.experiments, list: async () => [] };
    await createExperiment({ ...platform.deps, experiments: unseen }, define('b', 0.4, 1), 'salt', 'ada');
    await expect(edit('a', 0, 0.5)).resolves.toMatchObject({ status: 'running' });
    await expect(edit('a', 0, 0.4)).rejects.toMatchObject({ code: 'experiment.not-editable' });
  });
});
