import { bucketEndSeconds, durationBucket } from './duration.ts';

/** The bucket of an amount or a number of things, cut as durations are: 0 holds one and less, bucket b ends at 2^(b/4). */
export const amountBucket = (amount: number): number => durationBucket(amount * 1000);

/** The first and the last integer of a bucket. Those below four hold one integer at most, and some none: the last is then below the first. */
export const integersIn = (bucket: number): readonly [number, number] =>
  bucket === 0 ? [1, 1] : [lastIn(bucket - 1) + 1, Math.max(1, lastIn(bucket))];

/** The end of a bucket that is an integer itself lies in it, whatever the last digit of the power says. */
const lastIn = (bucket: number): number => Math.floor(bucketEndSeconds(bucket) + 1e-6);
