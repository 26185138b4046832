/** Whether a browser's origin is the allowed one, which may have `*` for the first part of its host or for its port. */
export function matchesOrigin(origin: string | undefined, allowed: string): boolean {
  if (allowed === '*') return true;
  if (origin === undefined) return false;
  const pattern = allowed
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace('://*\\.', '://[a-z0-9.-]+\\.')
    .replace(/:\*$/, '(:\\d+)?');
  return new RegExp(`^${pattern}$`).test(origin.toLowerCase());
}

export const isLocalOrigin = (origin: string): boolean =>
  /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);

/**
 * What lets a page read an answer: only for an origin of the key, and never with cookies. The tag and the waiting time
 * are named, because a browser hides every other header from a page.
 */
export function corsFor(origin: string | undefined, allowed: readonly string[]): Record<string, string> {
  if (origin === undefined || !allowed.some((each) => matchesOrigin(origin, each))) return { vary: 'origin' };
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'ETag, Retry-After',
    vary: 'origin',
  };
}

/**
 * A preflight comes without the key, so it is answered for any origin; the answer to the request itself is readable for
 * origins of its key alone. Browsers keep this for two hours at most, whatever they are told.
 */
export const preflight = (origin: string | undefined, methods: readonly string[]): Record<string, string> => ({
  'access-control-allow-origin': origin ?? '*',
  'access-control-allow-methods': methods.join(', '),
  'access-control-allow-headers': 'content-type, if-none-match, authorization, x-api-key',
  'access-control-max-age': '7200',
  vary: 'origin',
});
