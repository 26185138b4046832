import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { exposureMark, UNCOUNTED } from '#functions/edge/exposure-mark.ts';
import { fromLogLine } from '#functions/edge/from-log-line.ts';
import { LOG_FIELDS } from '#functions/edge/log-fields.ts';
import { exposures } from '#functions/stream/exposures.ts';
import { pack } from '#shared/assignment/pack.ts';
import { type Experiment, redefine } from '#shared/experiment/experiment.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { recordExposures } from '#shared/usecases/record-exposures.ts';
import { aDefinition, anExperiment, NOON, SECOND } from '../support/an-experiment.ts';

const CHROME = 'Mozilla/5.0%20(X11;%20Linux%20x86_64)%20AppleWebKit/537.36%20Chrome/140.0%20Safari/537.36';
const facts = { visitor: 'visitor-0001', variant: 'ladder', sequence: 1, epoch: 1, revision: 2 };
const decided = { ...facts, returning: false };

type Fields = Partial<Record<(typeof LOG_FIELDS)[number], string>>;
const logLine = (fields: Fields = {}): string =>
  LOG_FIELDS.map(
    (name) =>
      fields[name] ??
      {
        timestamp: String((NOON - 3 * SECOND) / 1000),
        'sc-status': '302',
        'cs-method': 'GET',
        'cs-uri-stem': '/go/checkout',
        'cs-user-agent': CHROME,
        'cs-uri-query': '-',
        'x-edge-result-type': 'FunctionGeneratedResponse',
        'sc-content-type': exposureMark(decided),
      }[name],
  ).join('\t');
const visit = (visitor: string, fields: Fields = {}) =>
  logLine({ 'sc-content-type': exposureMark({ ...decided, visitor }), ...fields });

const batch = (...lines: readonly string[]): KinesisStreamEvent =>
  ({
    Records: lines.map((line, i) => ({
      kinesis: { sequenceNumber: `4960${i}`, data: Buffer.from(`${line}\n`).toString('base64') },
    })),
  }) as unknown as KinesisStreamEvent;

type World = {
  readonly experiment?: Experiment;
  readonly held?: Experiment;
  readonly fails?: (news: Journey) => boolean;
};

/** `held` is the copy that the consumer holds, when it is not the experiment of the catalog. */
function world({ experiment = anExperiment(), held = experiment, fails = () => false }: World = {}) {
  const journeys = new Map<string, Journey>();
  const said: { level: string; why?: string[]; recorded: number; unreadable: number }[] = [];
  let writes = 0;
  let asked = 0;
  const deps = {
    live: async (id: string) => {
      const packed = pack(held);
      return id === held.id && packed ? { experiment: held, packed } : undefined;
    },
    experiments: {
      find: async (id: string) => {
        asked += 1;
        return id === experiment.id ? experiment : undefined;
      },
    },
    journeys: {
      record: async (news: Journey) => {
        writes += 1;
        if (fails(news)) throw Object.assign(new Error('try later'), { name: 'ThrottlingException' });
        const before = journeys.get(news.visitor);
        const after = before ? merge(before, news) : news;
        journeys.set(news.visitor, after);
        return { before, after };
      },
    },
    clock: () => NOON,
  };
  const say = {
    info: (line: string) => said.push(JSON.parse(line)),
    error: (line: string) => said.push(JSON.parse(line)),
  };
  const consume = exposures(deps as unknown as Parameters<typeof exposures>[0], say);
  return { deps, consume, journeys, said, writes: () => writes, asked: () => asked };
}

describe('fromLogLine', () => {
  it('reads what the edge decided, at the log’s own time', () => {
    expect(fromLogLine(logLine({ 'cs-uri-query': 'gclid=a%252Fb&x=%2520' }))).toEqual({
      kind: 'exposure',
      exposure: {
        ...decided,
        experiment: 'checkout',
        at: NOON - 3 * SECOND,
        rawQuery: 'gclid=a%2Fb&x=%20',
        userAgent: decodeURIComponent(CHROME),
      },
    });
  });

  it.each<{ name: string; fields: Fields }>([
    { name: 'the query in the path, as real-time logs have it', fields: { 'cs-uri-stem': '/go/checkout?gclid=1' } },
    { name: 'an escaped content type', fields: { 'sc-content-type': encodeURIComponent(exposureMark(decided)) } },
    { name: 'a visitor who left before the answer was whole', fields: { 'x-edge-result-type': 'Error' } },
  ])('reads a line with $name', ({ fields }) => {
    expect(fromLogLine(logLine(fields))).toMatchObject({
      kind: 'exposure',
      exposure: { experiment: 'checkout', ...decided },
    });
  });

  it.each<{ name: string; fields: Fields; kind: string }>([
    {
      name: 'an answer of the origin',
      fields: { 'x-edge-result-type': 'Miss', 'sc-content-type': '-' },
      kind: 'irrelevant',
    },
    { name: 'a visitor who is not counted', fields: { 'sc-content-type': UNCOUNTED }, kind: 'irrelevant' },
    {
      name: 'a redirect to https',
      fields: { 'sc-status': '301', 'x-edge-result-type': 'Redirect', 'sc-content-type': 'text/html' },
      kind: 'irrelevant',
    },
    { name: 'an edge answer without its mark', fields: { 'sc-content-type': '-' }, kind: 'unreadable' },
    {
      name: 'a mark that is cut off',
      fields: { 'sc-content-type': 'text/plain;stepladder=visitor-0001.ladder.1' },
      kind: 'unreadable',
    },
    { name: 'no time', fields: { timestamp: '-' }, kind: 'unreadable' },
    { name: 'another path', fields: { 'cs-uri-stem': '/robots.txt' }, kind: 'unreadable' },
  ])('finds $kind in a line with $name', ({ fields, kind }) => {
    expect(fromLogLine(logLine(fields)).kind).toBe(kind);
  });

  it.each([
    { mark: 'visitor-0001.ladder.1.1.2', returning: undefined },
    { mark: 'visitor-0001.ladder.1.1.2.0', returning: false },
    { mark: 'visitor-0001.ladder.1.1.2.1', returning: true },
  ])('reads of the mark $mark whether the visitor returned: $returning', ({ mark, returning }) => {
    expect(fromLogLine(logLine({ 'sc-content-type': `text/plain;stepladder=${mark}` }))).toMatchObject({
      exposure: { ...facts, returning },
    });
  });

  it('refuses a line of another log configuration', () => {
    expect(fromLogLine('1768478400.123\t302')).toEqual({ kind: 'unreadable', why: 'it has 2 fields and not 8' });
  });
});

describe('the consumer of the real-time log', () => {
  it('records whom the edge sent on, as from the edge and with what their browser said', async () => {
    const experiment = anExperiment({ segments: [{ attribute: 'utm_source', values: ['mail', 'search'] }] });
    const { consume, journeys, said } = world({ experiment });
    const outcome = await consume(batch(logLine({ 'cs-uri-query': 'utm_source=mail&gclid=1' })));
    expect(outcome).toEqual({ batchItemFailures: [] });
    expect(journeys.get('visitor-0001')).toEqual({
      ...facts,
      experiment: 'checkout',
      source: 'edge',
      segments: { utm_source: 'mail' },
      assignedAt: NOON - 3 * SECOND,
      signals: [],
      steps: {},
    });
    expect(said).toMatchObject([{ level: 'INFO', lines: 1, recorded: 1, refused: 0, failed: 0, unreadable: 0 }]);
  });

  it('knows a crawler by its name', async () => {
    const { consume, journeys } = world();
    await consume(
      batch(
        logLine({ 'cs-user-agent': 'Mozilla/5.0%20(compatible;%20Googlebot/2.1;%20+http://www.google.com/bot.html)' }),
      ),
    );
    expect(journeys.get('visitor-0001')?.signals).toEqual(['declared-bot']);
  });

  it('gives the same journeys in any order and after any repetition', async () => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      visit(`visitor-${i % 13}-xx`, { timestamp: String((NOON - ((i * 7) % 40) * SECOND) / 1000) }),
    );
    const [once, again] = [world(), world()];
    await once.consume(batch(...lines));
    await again.consume(batch(...lines.slice(20), ...lines));
    await again.consume(batch(...[...lines].reverse()));
    expect(again.journeys.size).toBe(13);
    for (const [visitor, journey] of once.journeys) expect(again.journeys.get(visitor)).toEqual(journey);
  });

  it('writes the exposures of one visitor once', async () => {
    const { consume, writes, journeys } = world();
    await consume(
      batch(...Array.from({ length: 30 }, (_, i) => logLine({ timestamp: String((NOON - (i + 1) * SECOND) / 1000) }))),
    );
    expect(writes()).toBe(1);
    expect(journeys.get('visitor-0001')?.assignedAt).toBe(NOON - 30 * SECOND);
  });

  it('never loses a good line to a bad one beside it', async () => {
    const { consume, journeys, said } = world();
    const bad = [
      'no log line at all',
      '\u0000\u0001',
      '%%%\t%\t%\t%\t%\t%\t%\t%', // eight fields of nonsense: an answer that nobody marked, hence nobody's
      logLine({ 'sc-content-type': '-' }),
      visit('visitor-bad1', { 'cs-uri-stem': '/go/nobody-knows' }),
      logLine({ 'sc-content-type': exposureMark({ ...decided, visitor: 'visitor-bad2', variant: 'no-such' }) }),
      logLine({ 'sc-content-type': exposureMark({ ...decided, visitor: 'visitor-bad3', epoch: 9 }) }),
    ];
    const good = Array.from({ length: bad.length }, (_, i) => visit(`visitor-good-${i}`));
    const outcome = await consume(batch(...bad.flatMap((line, i) => [line, good[i] ?? ''])));
    expect(outcome).toEqual({ batchItemFailures: [] });
    expect([...journeys.keys()].sort()).toEqual(good.map((_, i) => `visitor-good-${i}`));
    expect(said[0]).toMatchObject({ level: 'ERROR', recorded: 7, refused: 3, unreadable: 3 });
  });

  it('asks again for exactly the records that the store refused for the moment', async () => {
    const { consume, journeys } = world({ fails: ({ visitor }) => visitor.endsWith('3') || visitor.endsWith('5') });
    const outcome = await consume(batch(...Array.from({ length: 8 }, (_, i) => visit(`visitor-000${i}`))));
    expect(outcome.batchItemFailures).toEqual([{ itemIdentifier: '49603' }, { itemIdentifier: '49605' }]);
    expect(journeys.size).toBe(6);
  });

  it('takes several lines from one record', async () => {
    const { consume, journeys } = world();
    await consume(batch(`${visit('visitor-0001')}\n${visit('visitor-0002')}`));
    expect(journeys.size).toBe(2);
  });

  it('does not record visitors of the future', async () => {
    const { consume, journeys } = world();
    await consume(batch(logLine({ timestamp: String((NOON + 60 * SECOND) / 1000) })));
    expect(journeys.get('visitor-0001')?.assignedAt).toBe(NOON);
  });
});

describe('recordExposures', () => {
  const exposure = { ...facts, experiment: 'checkout', at: NOON, attributes: {}, signals: [] };

  it('keeps the facts that the edge decided by, whatever the experiment became since', async () => {
    const before = anExperiment();
    const experiment = redefine(
      before,
      aDefinition({
        variants: before.definition.variants.map((each) => ({ ...each, weight: each.id === 'ladder' ? 0 : 1 })),
      }),
      NOON,
    );
    const { deps, journeys } = world({ experiment });
    expect(await recordExposures(deps, [exposure])).toEqual([{ kind: 'recorded', first: true }]);
    expect(journeys.get('visitor-0001')).toMatchObject({ variant: 'ladder', epoch: 1, revision: 2 });
  });

  it('leaves a journey that exists in its variant', async () => {
    const { deps, journeys } = world();
    await recordExposures(deps, [{ ...exposure, variant: 'one-ask' }]);
    expect(await recordExposures(deps, [exposure])).toEqual([{ kind: 'recorded', first: false }]);
    expect(journeys.get('visitor-0001')?.variant).toBe('one-ask');
  });

  it('asks the catalog, once, when the edge knows a later revision than the copy that is held', async () => {
    const held = anExperiment();
    const experiment = redefine(held, aDefinition({ name: 'Another name' }), NOON);
    const { deps, asked, journeys } = world({ experiment, held });
    const news = Array.from({ length: 20 }, (_, i) => ({ ...exposure, visitor: `visitor-${i}`, revision: 3 }));
    const outcomes = await recordExposures(deps, news);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['recorded']));
    expect([journeys.size, asked()]).toEqual([20, 1]);
  });

  it('takes an experiment that has only just started for what it is', async () => {
    const { deps } = world({ held: anExperiment({ status: 'draft' }) });
    expect(await recordExposures(deps, [exposure])).toMatchObject([{ kind: 'recorded' }]);
  });

  it('refuses what no edge of ours can have decided', async () => {
    const { deps } = world();
    const odd = [{ revision: 9 }, { sequence: 2 }, { epoch: 0 }].map((each) => ({ ...exposure, ...each }));
    expect(await recordExposures(deps, odd)).toEqual(odd.map(() => ({ kind: 'refused', why: 'impossible' })));
  });

  it('lets the earliest of two accounts of one visitor win, and a refused one beside it count for nothing', async () => {
    const { deps, journeys, writes } = world();
    const accounts = [
      { ...exposure, variant: 'one-ask', at: NOON - SECOND },
      { ...exposure, variant: 'ladder', at: NOON - 2 * SECOND },
      { ...exposure, variant: 'no-such', at: NOON - 3 * SECOND },
    ];
    expect((await recordExposures(deps, accounts)).map(({ kind }) => kind)).toEqual([
      'recorded',
      'recorded',
      'refused',
    ]);
    expect([journeys.get('visitor-0001')?.variant, writes()]).toEqual(['ladder', 1]);
  });
});
