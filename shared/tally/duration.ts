/**
 * Durations are counted in buckets whose ends grow by the fourth root of two, from one second: fine enough for medians
 * within a few percent, coarse enough to be a handful of integers, and integers add exactly.
 */
const PER_OCTAVE = 4;

/** The bucket of a duration in ms; 0 holds everything up to one second. Bucket b ends at 2^(b/4) seconds, inclusive. */
export function durationBucket(ms: number): number {
  return ms <= 1000 ? 0 : Math.ceil(PER_OCTAVE * Math.log2(ms / 1000) - 1e-9);
}

/** The end of a bucket in seconds. */
export const bucketEndSeconds = (bucket: number): number => 2 ** (bucket / PER_OCTAVE);

/** The middle of a bucket in seconds, on the scale it was cut on. */
export const bucketMiddleSeconds = (bucket: number): number =>
  bucket === 0 ? 0.5 : 2 ** ((bucket - 0.5) / PER_OCTAVE);
