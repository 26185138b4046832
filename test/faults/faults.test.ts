import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Experiment, redefine } from '#shared/experiment/experiment.ts';
import { dynamoSecrets } from '#shared/store/dynamo/secrets.ts';
import { issueKey, rotateKey } from '#shared/usecases/api-keys.ts';
import { clientOf } from '../../local/stand-ins/engine.ts';
import { NOON } from '../support/an-experiment.ts';
import type { Findings } from './audit.ts';
import { deployUnderWay, revisionUnderWay } from './changes-under-way.ts';
import { engineKilled } from './engine-killed.ts';
import { identitiesInTrouble } from './identities-in-trouble.ts';
import { killedFunctions } from './killed-functions.ts';
import { type Lab, openLab, TABLES } from './lab.ts';
import { FAULTS, type Fault, fair, gone, type StoreCall } from './store-proxy.ts';
import { reportInTrouble, storeTrouble, withAddresses } from './store-trouble.ts';
import { type Row, tableOf } from './table.ts';
import { wrongClocks } from './wrong-clocks.ts';

let lab: Lab;
const rows: Row[] = [];
beforeAll(async () => {
  lab = await openLab();
});
afterAll(async () => {
  await lab?.stop();
  console.log(`What was put through, and what came of it:\n\n${tableOf(rows)}\n`);
});

const nothingWrong = { lost: 0, double: 0, lies: 0, drift: 0 } satisfies Partial<Findings>;
/** The faults a scenario met with, of all that the proxy made so far. */
const since = (before: ReadonlyMap<string, number>) =>
  Object.fromEntries(FAULTS.map((fault) => [fault, (lab.proxy.injected.get(fault) ?? 0) - (before.get(fault) ?? 0)]));

describe('a store that is slow, throttled, failing, gone and back', () => {
  let trouble: { readonly experiment: Experiment; readonly visitors: number };

  it.each([1, 2])(
    'costs no event, counts none twice, and lets nobody be told what is not so (seed %i)',
    async (seed) => {
      const before = new Map(lab.proxy.injected);
      const { experiment, events, heard, clicks, findings } = await storeTrouble(lab, seed);
      const faults = since(before);
      rows.push({ what: `store in trouble, seed ${seed}`, heard, faults, findings });
      expect(findings).toMatchObject(nothingWrong);
      expect(heard.told).toHaveLength(events.length);
      // What did not happen was not survived.
      for (const fault of FAULTS) expect(faults[fault], fault).toBeGreaterThan(0);
      expect(heard.failed).toBeGreaterThan(0);
      expect(heard.busy).toBeGreaterThan(0);
      // A click whose write was kept and whose answer was lost, three times over: the visitor is shown the control, uncounted,
      // and stands in the redirect's ledger as one who never arrived. In every variant alike, so no comparison leans.
      expect(findings.unheard).toBeLessThanOrEqual(clicks.uncounted.length);
      trouble = { experiment, visitors: 80 + clicks.counted.length + findings.unheard };
    },
  );

  it('is told by a report that cannot be written, and the one that is written counts everyone', async () => {
    const { failures, report } = await reportInTrouble(lab, trouble.experiment, 1);
    expect(failures).toBeGreaterThan(0);
    expect(report.drift).toBe(0);
    expect(report.headcount.human).toBe(trouble.visitors);
  });
});

describe('a function that is killed', () => {
  it('at any call of the store, before it or after, costs nothing once its caller has repeated it', async () => {
    const { kills, heard, findings } = await killedFunctions(lab);
    const faults = Object.fromEntries(Object.entries(kills).map(([name, times]) => [`${name} killed`, times]));
    rows.push({ what: 'functions killed', heard, faults, findings });
    expect(findings).toMatchObject(nothingWrong);
    // One for each call, before and after it.
    expect(kills).toEqual({ site: 10, redirect: 6, tally: 4 });
  });
});

describe('the embedded engine, killed under load', () => {
  it('comes back with every event it acknowledged, and the stream counts each of them once', async () => {
    const { events, heard, kills, restarts, findings } = await engineKilled(1);
    rows.push({ what: 'engine killed', heard, faults: { 'engine killed': kills }, findings });
    expect(findings).toEqual({ ...nothingWrong, unheard: 0 });
    expect(heard.told).toHaveLength(events.length);
    expect(restarts).toEqual(
      Array.from({ length: 3 }, () => 'The embedded engine died (SIGKILL) and was started again.'),
    );
    expect(heard.busy + heard.failed).toBeGreaterThan(0);
  });
});

describe('people who become known while the store is in trouble', () => {
  it('are counted once each, with all they did under either id', async () => {
    const before = new Map(lab.proxy.injected);
    const { heard, findings, people } = await identitiesInTrouble(lab, 7);
    rows.push({ what: 'identities in trouble', heard, faults: since(before), findings });
    expect(findings).toEqual({ ...nothingWrong, unheard: 0 });
    expect(people).toBe(30);
  });
});

describe('clocks that are wrong by hours', () => {
  it('move no visitor, lose no event, and leave no cohort to be read before its time', async () => {
    const { visitors, clamped, misled, heard, findings, early, late } = await wrongClocks(lab, 4);
    rows.push({ what: 'wrong clocks', heard, faults: { 'times moved': clamped }, findings });
    expect(findings).toEqual({ ...nothingWrong, unheard: 0 });
    expect(clamped).toBeGreaterThan(50);
    expect(misled).toBe(0);
    expect(early.headcount).toMatchObject({ human: visitors, immature: visitors });
    expect(late.headcount).toMatchObject({ human: visitors, immature: 0 });
    // A step that is told to have come before the assignment was taken at that instant, not before it.
    for (const { rungs } of late.variants) for (const { reach } of rungs) expect(reach.mean).toBeLessThanOrEqual(1);
  });
});

describe('a change under way', () => {
  it('of the code: the first release, this one and one to come share the journeys of one experiment', async () => {
    const { experiment, heard, findings, report, moods } = await deployUnderWay(lab);
    rows.push({ what: 'a deploy', heard, faults: { 'old writes': heard.told.length / 2 }, findings });
    expect(findings).toEqual({ ...nothingWrong, unheard: 0 });
    expect(report.headcount.human).toBe(60);
    // What a later release put on a journey is still there after this one has written to it.
    expect(moods).toBe(20);
    // Saved again as it is, an experiment of the first release goes on being measured as it was.
    const saved = redefine(experiment, experiment.definition, NOON);
    expect([saved.sequences.length, saved.epochs.length]).toEqual([1, 1]);
  });

  it('of the experiment: instances that know of it and instances that do not tell the same truth', async () => {
    const { after, heard, findings, report } = await revisionUnderWay(lab);
    rows.push({ what: 'a revision', heard, faults: { revisions: 1 }, findings });
    expect([after.sequences.length, after.epochs.length]).toEqual([2, 2]);
    expect(findings).toEqual({ ...nothingWrong, unheard: 0 });
    expect(heard.told.filter(({ answer }) => answer.status === 'refused')).toEqual([]);
    expect(report.drift).toBe(0);
  });
});

describe('half of a batch refused', () => {
  /** Refuses every write to the journeys of some visitors. */
  const refusing = (visitors: ReadonlySet<string>, fault: Fault) => (call: StoreCall) =>
    call.operation === 'UpdateItem' && visitors.has(JSON.parse(call.body).Key.sk.S) ? fault : undefined;
  const batch = (experiment: string) =>
    ['a', 'b', 'c', 'd'].flatMap((visitor) =>
      ['buy', 'nowhere'].map((step) => ({ eventId: `${visitor}-${step}`, experiment, visitor, step, at: NOON })),
    );

  it('is answered event by event, and what was refused for the moment can be sent again', async () => {
    const { id } = await lab.put(withAddresses('half'));
    lab.clock.now = NOON;
    lab.proxy.weather = refusing(new Set(['a', 'c']), 'throttled');
    const first = await lab.site('/v1/events', { body: { events: batch(id) } });
    expect(first.statusCode).toBe(200);
    const answers = JSON.parse(first.body ?? '').answers as { eventId: string; status: string; code?: string }[];
    expect(answers.map(({ eventId, status, code }) => [eventId, status, code])).toEqual([
      ['a-buy', 'failed', 'store-busy'],
      ['a-nowhere', 'refused', 'step-unknown'],
      ['b-buy', 'recorded', undefined],
      ['b-nowhere', 'refused', 'step-unknown'],
      ['c-buy', 'failed', 'store-busy'],
      ['c-nowhere', 'refused', 'step-unknown'],
      ['d-buy', 'recorded', undefined],
      ['d-nowhere', 'refused', 'step-unknown'],
    ]);
    expect(await lab.truth.journeys.find(id, 'a')).toBeUndefined();
    lab.proxy.weather = fair;
    const failed = batch(id).filter((_, i) => answers[i]?.status === 'failed');
    const again = await lab.site('/v1/events', { body: { events: failed } });
    expect(JSON.parse(again.body ?? '').answers).toEqual(
      failed.map(({ eventId }) => ({ eventId, status: 'recorded' })),
    );
  });

  it('is a 503 with a time to come again only when nothing came of any event', async () => {
    const { id } = await lab.put(withAddresses('whole'));
    lab.proxy.weather = refusing(new Set(['a', 'b']), 'failing');
    const events = batch(id).filter(({ visitor, step }) => /[ab]/.test(visitor) && step === 'buy');
    const reply = await lab.site('/v1/events', { body: { events } });
    lab.proxy.weather = fair;
    expect(reply).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(reply.body ?? '')).toMatchObject({ code: 'store.busy' });
  });

  it('tells a fault of ours from a busy store, for that one journey', async () => {
    const { id } = await lab.put(withAddresses('ours'));
    lab.proxy.weather = ({ operation, body }) =>
      operation === 'UpdateItem' && JSON.parse(body).Key.sk.S === 'b' ? 'invalid' : undefined;
    const events = batch(id).filter(({ step }) => step === 'buy');
    const reply = await lab.site('/v1/events', { body: { events } });
    lab.proxy.weather = fair;
    expect(JSON.parse(reply.body ?? '').answers).toMatchObject([
      { status: 'recorded' },
      { status: 'failed', code: 'internal' },
      { status: 'recorded' },
      { status: 'recorded' },
    ]);
  });
});

describe('a store that does not answer', () => {
  it('keeps no visitor waiting at a redirect: they see the control, and are not counted', async () => {
    const { id } = await lab.put(withAddresses('silent'));
    await lab.redirect(`/go/${id}`, { method: 'HEAD' });
    lab.proxy.weather = ({ operation }) => (operation === 'UpdateItem' ? 'hung' : undefined);
    const reply = await lab.redirect(`/go/${id}?gclid=1`, { method: 'GET' });
    lab.proxy.weather = fair;
    expect(reply.statusCode).toBe(302);
    expect(reply.headers?.location).toMatch(/^https:\/\/shop\.example\/buy\?gclid=1&stepladder_token=/);
    expect(reply.cookies).toEqual([]);
  });

  it('leaves the functions with the secret they had, for as long as it is gone', async () => {
    const clock = { now: 0 };
    const client = clientOf(lab.proxy.endpoint);
    const secrets = dynamoSecrets(client, TABLES.catalog, {
      newSecret: () => 'new',
      elapsed: () => clock.now,
      clock: () => NOON,
    });
    const secret = await secrets.tokenSecret();
    lab.proxy.weather = gone;
    clock.now += 3_600_000;
    expect(await secrets.tokenSecret()).toEqual(secret);
    lab.proxy.weather = fair;
    client.destroy();
  });
});

describe('an answer that was lost after the write', () => {
  it('is no conflict to whoever made a key or gave it a new secret', async () => {
    const lostOnce = ({ operation, attempt }: StoreCall) =>
      operation === 'PutItem' && attempt === 0 ? ('lost' as const) : undefined;
    const wishes = { kind: 'secret', name: 'lost', projects: ['main'], origins: [], requestsPerSecond: 1 } as const;
    lab.proxy.weather = lostOnce;
    const { key } = await issueKey(lab.deps, wishes, 'ada');
    const rotated = await rotateKey(lab.deps, key.id, 24);
    lab.proxy.weather = fair;
    expect(await lab.truth.apiKeys.find(key.id)).toEqual(rotated.key);
    const stale = lab.truth.apiKeys.replace({ ...rotated.key, name: 'of somebody else' });
    await expect(stale).rejects.toMatchObject({ code: 'key.version-conflict' });
  });

  it('is no conflict to whoever made or changed an experiment', async () => {
    lab.proxy.weather = ({ operation, attempt }) =>
      operation === 'TransactWriteItems' && attempt === 0 ? 'lost' : undefined;
    const experiment = withAddresses('written-once');
    const line = { revision: experiment.revision, at: NOON, by: 'ada', experiment, action: 'created' } as const;
    await lab.deps.experiments.create(experiment, line);
    lab.proxy.weather = fair;
    expect(await lab.truth.experiments.revisions(experiment.id)).toHaveLength(1);
    await expect(lab.deps.experiments.create(experiment, line)).rejects.toMatchObject({ code: 'experiment.exists' });
  });
});
