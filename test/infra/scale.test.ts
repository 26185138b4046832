import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKETS } from '#shared/store/dynamo/keys.ts';
import { LANES } from '#shared/store/dynamo/tallies.ts';
import { ROOT } from '../../infra/bundle.ts';
import { type Load, limitsUnder, OURS, rampSeconds, scaleTable } from '../../infra/scale.ts';
import { resourcesWith, theOne } from './synthesized.ts';

const load = (events: number, other: Partial<Load> = {}): Load => ({
  events,
  redirects: 0.25,
  batch: 1,
  largest: 1,
  ...other,
});
const broken = (of: Load): string[] =>
  limitsUnder(of).flatMap(({ what, used, allowed }) => (used > allowed ? [what.split(':', 1)[0] ?? ''] : []));
const share = (of: Load, name: string): number => {
  const found = limitsUnder(of).find(({ what }) => what.startsWith(name));
  if (found === undefined) throw new Error(`there is no limit called ${name}`);
  return found.used / found.allowed;
};

describe('limitsUnder', () => {
  it('knows the house as it is built', () => {
    expect(OURS).toMatchObject({ buckets: BUCKETS, lanes: LANES });
    const [, mapping] = theOne(resourcesWith(), 'AWS::Lambda::EventSourceMapping');
    expect(mapping).toMatchObject({
      BatchSize: OURS.batchRecords,
      MaximumBatchingWindowInSeconds: OURS.batchWindowSeconds,
    });
  });

  it('finds nothing broken at a thousand events a second, in an account as AWS hands it out', () => {
    expect(broken(load(1_000))).toEqual([]);
    expect(limitsUnder(load(1_000))[0]?.what).toBe('DynamoDB: writes of a table that was just made');
  });

  it('finds quotas alone broken at a hundred thousand, and nothing of our own making', () => {
    expect(broken(load(100_000))).toEqual(['DynamoDB', 'Lambda', 'HTTP API', 'DynamoDB', 'Lambda']);
    for (const { kind, used, allowed } of limitsUnder(load(100_000)))
      if (kind === 'design') expect(used).toBeLessThan(allowed);
  });

  it('finds our own design broken at a million: key ranges of one experiment, and lanes of its live counts', () => {
    const designs = limitsUnder(load(1_000_000)).filter(
      ({ kind, used, allowed }) => kind === 'design' && used > allowed,
    );
    expect(designs.map(({ what }) => what.split(':', 1)[0])).toEqual(['Journeys', 'Live tallies']);
    // Ten experiments of equal size have ten times the key ranges.
    expect(share(load(1_000_000, { largest: 0.1 }), 'Journeys')).toBeLessThan(1);
  });

  it('never eases a limit when more comes, and never tightens one when pages send their events together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 1, max: 10, noNaN: true }), (events, more) => {
        for (const { what } of limitsUnder(load(events))) {
          expect(share(load(events * more), what)).toBeGreaterThanOrEqual(share(load(events), what) * (1 - 1e-9));
          expect(share(load(events, { batch: more }), what)).toBeLessThanOrEqual(
            share(load(events), what) * (1 + 1e-9),
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('says what to do about everything', () => {
    for (const { remedy } of limitsUnder(load(1))) expect(remedy).not.toBe('');
  });
});

describe('rampSeconds', () => {
  it('is nothing until a load needs more than Lambda starts at once', () => {
    expect(rampSeconds(load(50_000))).toBe(0);
    expect(rampSeconds(load(1_000_000))).toBeGreaterThan(100);
  });
});

describe('docs/scale.md', () => {
  it('shows what the command prints', () => {
    const page = readFileSync(join(ROOT, 'docs/scale.md'), 'utf8');
    for (const events of [1_000, 100_000, 1_000_000]) expect(page).toContain(scaleTable(load(events)));
  });
});
