import { describe, expect, it } from 'vitest';
import { adminApi } from '#functions/api/admin.ts';
import { scheduledReports } from '#functions/schedule/report.ts';
import { changeHoldout } from '#shared/usecases/change-settings.ts';
import { moveExperiment } from '#shared/usecases/define-experiment.ts';
import type { EdgeStore } from '#shared/usecases/ports.ts';
import { memoryEdgeStore } from '../../local/stand-ins/edge-store.ts';
import { call, definition, depsOver, rethrow } from '../infra/functions-over.ts';
import { RecordingDynamo } from '../infra/recording-dynamo.ts';

const atTheEdge = { ...definition('open'), edge: true };
async function started(edge: EdgeStore, asked = atTheEdge) {
  const deps = depsOver(new RecordingDynamo(), 0, edge);
  const admin = adminApi(deps, rethrow);
  await call(admin, 'createExperiment', '', asked);
  await call(admin, 'startExperiment', 'open', {});
  return { deps, admin };
}

describe('toldToEdge', () => {
  it('tells the edge of every change, and takes back what no longer asks for it', async () => {
    const edge = memoryEdgeStore();
    const kind = () => JSON.parse(edge.values.get('open') ?? 'null')?.packed.kind;
    const { admin } = await started(edge);
    expect(kind()).toBe('split');
    await call(admin, 'pauseExperiment', 'open', {});
    expect(kind()).toBe('fixed');
    await call(admin, 'startExperiment', 'open', {});
    expect(kind()).toBe('split');
    await call(admin, 'editExperiment', 'open', { ...atTheEdge, edge: false });
    expect(edge.values.size).toBe(0);
  });

  it('never tells it of an experiment that does not ask', async () => {
    const edge = memoryEdgeStore();
    await started(edge, { ...atTheEdge, edge: false });
    expect(edge.values.size).toBe(0);
  });

  it('says that the change is made and the edge behind, when it cannot tell; publishing mends it', async () => {
    const edge = memoryEdgeStore();
    let down = false;
    const put: EdgeStore['put'] = (key, value) =>
      down ? Promise.reject(new Error('the store is away')) : edge.put(key, value);
    const { deps, admin } = await started({ ...edge, put });
    down = true;
    await expect(moveExperiment(deps, 'open', 'paused', 'me')).rejects.toMatchObject({
      code: 'edge.behind',
      cause: { message: 'the store is away' },
    });
    expect((await deps.experiments.find('open'))?.status).toBe('paused');
    expect(JSON.parse(edge.values.get('open') ?? 'null').packed.kind).toBe('split');
    down = false;
    for (let again = 0; again < 2; again++)
      expect(await call(admin, 'publishExperiment', 'open', {})).toMatchObject({ kind: 'published', revision: 3 });
    expect(JSON.parse(edge.values.get('open') ?? 'null').packed.kind).toBe('fixed');
  });

  it('is mended by the daily run, which brings a rotated secret to the edge as well', async () => {
    const edge = memoryEdgeStore();
    const { deps, admin } = await started(edge);
    await call(admin, 'rotateTokenSecret', '', { leaked: true });
    await edge.remove('open');
    const { failed } = await scheduledReports(deps, { info() {}, error: (line) => expect(line).toBe('') })();
    expect(failed).toEqual([]);
    expect(JSON.parse(edge.values.get('open') ?? 'null')).toMatchObject({
      secret: (await deps.secrets.tokenSecret()).current,
      packed: { kind: 'split' },
    });
  });

  it('tells it of a holdout, for every experiment that runs there, and names those it could not tell of', async () => {
    const edge = memoryEdgeStore();
    let down = false;
    const put: EdgeStore['put'] = (key, value) =>
      down && key === 'open' ? Promise.reject(new Error('the store is away')) : edge.put(key, value);
    const { deps, admin } = await started({ ...edge, put });
    for (const id of ['second', 'elsewhere']) {
      await call(admin, 'createExperiment', '', { ...atTheEdge, id, edge: id === 'second' });
      await call(admin, 'startExperiment', id, {});
    }
    const heldOut = () =>
      ['open', 'second'].map((id) => JSON.parse(edge.values.get(id) ?? '').packed.holdout?.end ?? 0);
    await call(admin, 'changeSettings', '', { holdout: 0.25 });
    expect([heldOut(), edge.values.size]).toEqual([[2 ** 30, 2 ** 30], 2]);
    down = true;
    await expect(changeHoldout(deps, 0.5, undefined, 'me')).rejects.toMatchObject({
      code: 'edge.behind',
      message: expect.stringMatching(/revision 2.*not be told of open\b/),
    });
    expect(heldOut()).toEqual([2 ** 30, 2 ** 31]);
    down = false;
    await call(admin, 'publishExperiment', 'open', {});
    expect(heldOut()).toEqual([2 ** 31, 2 ** 31]);
  });

  it('has nothing to publish where there is no edge', async () => {
    const admin = adminApi(depsOver(new RecordingDynamo(), 0), rethrow);
    await call(admin, 'createExperiment', '', atTheEdge);
    await expect(call(admin, 'publishExperiment', 'open', {})).rejects.toThrow('edge.none');
  });
});
