import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attributes } from '#shared/experiment/packed.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import { recordEvents } from '#shared/usecases/record-events.ts';
import { recordExposures } from '#shared/usecases/record-exposures.ts';
import type { VisitorEvent } from '#shared/usecases/visitor-event.ts';
import { anExperiment, NOON, SECOND } from '../support/an-experiment.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
  await platform.put(
    anExperiment({
      id: 'stages',
      segments: [{ attribute: 'utm_source', values: ['mail', 'search'] }],
      intent: {
        rules: [
          { stage: 'late', when: [{ attribute: 'utm_term', operator: 'contains', value: 'buy' }] },
          { stage: 'mid', when: [{ attribute: 'returning', operator: 'is', value: true }] },
        ],
      },
    }),
  );
});
afterAll(() => platform?.stop());

let visitors = 0;
const fresh = () => `visitor-${visitors++}`;
const segmentsOf = async (visitor: string) => (await platform.deps.journeys.find('stages', visitor))?.segments;

const visit = async (visitor: string, attributes: Attributes) => {
  const live = await platform.deps.live('stages');
  if (live) await assignVisitor(platform.deps, live, { visitor, attributes, source: 'redirect', signals: [] });
};
const tell = (visitor: string, event: Partial<VisitorEvent>) =>
  recordEvents(platform.deps, [{ type: 'step', experiment: 'stages', visitor, ...event }], []);
const atTheEdge = (visitor: string, variant: string, attributes: Attributes, at = NOON) => {
  const decided = { sequence: 1, epoch: 1, revision: 2, signals: [] };
  return recordExposures(platform.deps, [{ experiment: 'stages', visitor, variant, at, attributes, ...decided }]);
};

const someAttributes: fc.Arbitrary<Attributes> = fc.record(
  {
    utm_source: fc.constantFrom('mail', 'search', 'elsewhere'),
    utm_term: fc.constantFrom('buy now', 'what is it'),
    returning: fc.boolean(),
  },
  { requiredKeys: [] },
);
/** What may be heard of somebody: another visit, another look by the edge, or events, whatever they say of the visitor. */
const something = fc.record({
  kind: fc.constantFrom('visit', 'edge', 'step', 'exposure', 'arrival', 'interaction'),
  attributes: someAttributes,
  at: fc.integer({ min: NOON - 60 * SECOND, max: NOON }),
});

type Something = typeof something extends fc.Arbitrary<infer T> ? T : never;

async function happen(visitor: string, { kind, attributes, at }: Something): Promise<void> {
  const served = { variant: 'ladder', at };
  if (kind === 'visit') await visit(visitor, attributes);
  else if (kind === 'edge') await atTheEdge(visitor, 'ladder', attributes, at);
  else if (kind === 'step') await tell(visitor, { step: 'buy', at, attributes });
  else await tell(visitor, { type: kind, at, attributes, served });
}

describe('the intent of a visitor', () => {
  it.each<{ name: string; attributes: Attributes; intent: string }>([
    { name: 'new and nothing is known', attributes: {}, intent: 'early' },
    { name: 'back', attributes: { returning: true }, intent: 'mid' },
    { name: 'back with a keyword', attributes: { returning: true, utm_term: 'buy it' }, intent: 'late' },
  ])('is $intent when they are $name', async ({ attributes, intent }) => {
    const visitor = fresh();
    await visit(visitor, attributes);
    expect(await segmentsOf(visitor)).toEqual({ utm_source: 'unknown', intent });
  });

  it('never changes after the assignment, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(someAttributes, fc.array(something, { maxLength: 6 }), async (attributes, later) => {
        const visitor = fresh();
        await visit(visitor, attributes);
        const frozen = await segmentsOf(visitor);
        for (const each of later) await happen(visitor, each);
        expect(await segmentsOf(visitor)).toEqual(frozen);
      }),
      { numRuns: 40 },
    );
  });

  it('is what the edge saw, though the landing page tells of them before the log does', async () => {
    const [before, after] = [fresh(), fresh()];
    const arrival = { type: 'arrival', served: { variant: 'ladder', at: NOON } } as const;
    const seen = { utm_source: 'mail', utm_term: 'buy now', returning: false };
    await tell(before, arrival);
    expect(await segmentsOf(before)).toEqual({});
    await atTheEdge(before, 'ladder', seen);
    await atTheEdge(after, 'ladder', seen);
    await tell(after, arrival);
    for (const visitor of [before, after])
      expect(await segmentsOf(visitor)).toEqual({ utm_source: 'mail', intent: 'late' });
  });

  it('is what a site says of them with their first step, where it never assigns', async () => {
    const visitor = fresh();
    await tell(visitor, { step: 'buy', attributes: { utm_term: 'buy now' } });
    await tell(visitor, { step: 'buy', attributes: { returning: true, utm_source: 'mail' } });
    expect(await segmentsOf(visitor)).toEqual({ utm_source: 'unknown', intent: 'late' });
  });
});
