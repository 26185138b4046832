import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '#shared/contracts/routes.ts';
import { anExperiment, steps } from '../support/an-experiment.ts';
import { arbitraryOf, HOSTILE, HOSTILE_NAME, spoilt } from './arbitrary-of.ts';
import { anyCall, document, operations } from './call.ts';
import { expectDocumented } from './documented.ts';
import { openTarget, type Target } from './target.ts';

/** How long the fuzzing goes on. More by hand: FUZZ_SECONDS=600 npx vitest run test/openapi/fuzz.test.ts */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 8);
const BATCH_SECONDS = SECONDS / 3;

let target: Target;
// One for each test: fuzzed settings are settings, and an installation may end up with half of its visitors held out.
beforeEach(async () => {
  target = await openTarget();
});
afterEach(() => target?.site.stop());

/** Behind the first door: what is valid is let in, everywhere but where it cannot be. */
const LET_IN = [
  'assign 200',
  'events 200',
  'evaluateFlag 200',
  'evaluateFlags 200',
  'packed 200',
  'createKey 201',
  'createExperiment 201',
  'redirect 302',
  'findExperiment 200',
];
/** And batches that say something: a good event beside whatever else. */
const ENOUGH_BATCHES = 20;
/** A machine that has other work to do gets so many times the seconds to meet all of those. */
const PATIENCE = 4;

describe('every endpoint', () => {
  it(
    'answers whatever is sent as documented, never with a 5xx, and reports no bug',
    async () => {
      const statuses = new Map<string, number>();
      const fuzzed = fc.asyncProperty(anyCall(target.names), async (call) => {
        const answer = await target.send(call);
        expect(target.bugs).toEqual([]);
        expect(answer.status, `${call.operation.operationId}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
        expectDocumented(call, answer);
        const seen = `${call.operation.operationId} ${answer.status}`;
        statuses.set(seen, (statuses.get(seen) ?? 0) + 1);
      });
      for (let round = 0; round < PATIENCE; round++) {
        await fc.assert(fuzzed, {
          numRuns: 1_000_000,
          interruptAfterTimeLimit: SECONDS * 1000,
          markInterruptAsFailure: false,
          endOnFailure: true,
        });
        if (LET_IN.every((name) => statuses.has(name))) break;
      }
      const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
      console.log(
        `${total} requests; ${[...statuses]
          .sort()
          .map(([name, count]) => `${name} ${count}`)
          .join(', ')}`,
      );
      expect([...statuses.keys()]).toEqual(expect.arrayContaining(LET_IN));
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
    (SECONDS * PATIENCE + 40) * 1000,
  );
});

describe('a batch of events', () => {
  it(
    'loses no good event, whatever lies beside it',
    async () => {
      await target.site.put(
        anExperiment({
          id: 'batch',
          variants: [
            { id: 'one-ask', name: 'a', steps: steps('buy') },
            { id: 'ladder', name: 'b', steps: steps('question', 'plan', 'buy') },
          ],
        }),
      );
      const eventSchema = document.components.schemas.EventRequest ?? {};
      const likely = arbitraryOf(eventSchema, document.components.schemas, target.names);
      const other = fc.oneof(
        likely,
        HOSTILE,
        fc
          .tuple(likely, fc.nat(10_000), HOSTILE, HOSTILE_NAME)
          .map(([value, pick, hostile, name]) => spoilt(value, pick, hostile, name)),
      );
      let visitors = 0;
      const operation = operations.find(({ operationId }) => operationId === 'events');
      if (operation === undefined) throw new Error('there are no events');
      const fuzzed = fc.asyncProperty(
        fc.array(fc.option(other, { freq: 4, nil: 'good' }), { minLength: 1, maxLength: 30 }),
        async (batch) => {
          const events = batch.map((each, i) =>
            each === 'good'
              ? { experiment: 'batch', visitor: `good-${visitors}-${i}`, step: 'buy', eventId: `e${i}` }
              : each,
          );
          const body = JSON.stringify({ events });
          fc.pre(Buffer.byteLength(body) <= (routes.events.bodyBytes ?? 0));
          const headers = { authorization: `Bearer ${target.names.bearer?.[0]}` };
          const { status, text } = await target.send({
            operation,
            path: '/v1/events',
            query: '',
            headers,
            body,
            isBase64Encoded: false,
          });
          expect([target.bugs, status]).toEqual([[], 200]);
          const told = JSON.parse(text).answers;
          expect(told).toHaveLength(batch.length);
          for (const [i, each] of batch.entries())
            if (each === 'good') {
              expect(told[i]).toEqual({ eventId: `e${i}`, status: 'recorded' });
              expect(await target.site.deps.journeys.find('batch', `good-${visitors}-${i}`)).toMatchObject({
                steps: { buy: {} },
              });
            }
          visitors += 1;
        },
      );
      for (let round = 0; round < PATIENCE && visitors < ENOUGH_BATCHES; round++)
        await fc.assert(fuzzed, {
          numRuns: 10_000,
          interruptAfterTimeLimit: BATCH_SECONDS * 1000,
          markInterruptAsFailure: false,
          endOnFailure: true,
        });
      expect(visitors).toBeGreaterThanOrEqual(ENOUGH_BATCHES);
    },
    (BATCH_SECONDS * PATIENCE + 40) * 1000,
  );
});
