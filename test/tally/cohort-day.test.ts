import { describe, expect, it } from 'vitest';
import { cohortDay, dayName, isMature } from '#shared/tally/cohort-day.ts';
import { bucketEndSeconds, bucketMiddleSeconds, durationBucket } from '#shared/tally/duration.ts';
import { DAY } from '../support/an-experiment.ts';

describe('cohortDay', () => {
  it('changes at midnight UTC', () => {
    const midnight = Date.UTC(2014, 9, 11);
    expect([cohortDay(midnight - 1), cohortDay(midnight), cohortDay(midnight + DAY - 1)]).toEqual([
      16353, 16354, 16354,
    ]);
    expect(dayName(16354)).toBe('2014-10-11');
  });
});

describe('isMature', () => {
  const windowMs = 7 * DAY;
  const lastInstant = 101 * DAY - 1 + windowMs;
  it('holds once the window of the last visitor of the day has closed, and not an instant before', () => {
    // A step at the very end of the window still counts, so that instant belongs to the window.
    expect([isMature(100, windowMs, lastInstant), isMature(100, windowMs, lastInstant + 1)]).toEqual([false, true]);
  });

  it('follows the window', () => {
    expect([isMature(100, 0, 101 * DAY), isMature(100, DAY, 101 * DAY)]).toEqual([true, false]);
  });
});

describe('durationBucket', () => {
  it.each([
    [-5, 0],
    [0, 0],
    [1_000, 0],
    [1_001, 1],
    [1_189, 1],
    [1_190, 2],
    [2_000, 4],
    [2_001, 5],
    [4_000, 8],
    [1_024_000, 40],
    [1_024_001, 41],
    [604_800_000, 77],
  ])('puts %i ms in bucket %i', (ms, bucket) => {
    expect(durationBucket(ms)).toBe(bucket);
  });

  it('puts every duration up to an hour below the end of its bucket and above the end of the one before', () => {
    for (let ms = 1_001; ms <= 3_600_000; ms += 997) {
      const bucket = durationBucket(ms);
      expect(ms / 1000).toBeLessThanOrEqual(bucketEndSeconds(bucket) * (1 + 1e-9));
      expect(ms / 1000).toBeGreaterThan(bucketEndSeconds(bucket - 1) * (1 - 1e-9));
    }
  });

  it('has its middle between its ends', () => {
    expect(bucketMiddleSeconds(0)).toBe(0.5);
    for (let bucket = 1; bucket < 100; bucket++) {
      expect(bucketMiddleSeconds(bucket)).toBeGreaterThan(bucketEndSeconds(bucket - 1));
      expect(bucketMiddleSeconds(bucket)).toBeLessThan(bucketEndSeconds(bucket));
    }
  });
});
