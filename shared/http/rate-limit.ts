/** What is left in a bucket, and when that was. */
type Bucket = { readonly tokens: number; readonly at: number };

/** Two seconds' worth may come at once. */
const BURST_SECONDS = 2;
const ROOM = 10_000;

/** Seconds to wait, or 0 for a request that may pass. */
export type RateLimit = (name: string, perSecond: number) => number;

/**
 * A token bucket per name, in the memory of one function instance. Lambda runs as many instances as there are requests at
 * a time, so the rate of the whole is up to this many times the number of instances: a brake for a client that went
 * wild, not an account of what is used. The stage's own limit holds for all instances together.
 */
export function rateLimit(elapsedMs: () => number): RateLimit {
  const buckets = new Map<string, Bucket>();
  return (name, perSecond) => {
    const now = elapsedMs();
    const { tokens, at } = buckets.get(name) ?? { tokens: perSecond * BURST_SECONDS, at: now };
    const filled = Math.min(perSecond * BURST_SECONDS, tokens + ((now - at) / 1000) * perSecond);
    const passes = filled >= 1;
    if (buckets.size >= ROOM) buckets.clear();
    buckets.set(name, { tokens: passes ? filled - 1 : filled, at: now });
    return passes ? 0 : (1 - filled) / perSecond;
  };
}
