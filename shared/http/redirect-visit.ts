import type { Attributes } from '../experiment/packed.ts';

const COOKIE = 'stepladder';
const YEAR_SECONDS = 31_536_000;

/** The visitor id a browser brought back, if it looks like one of ours. */
export function visitorOf(cookies: readonly string[]): string | undefined {
  const cookie = cookies.find((each) => each.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  return cookie && /^[A-Za-z0-9_-]{8,64}$/.test(cookie) ? cookie : undefined;
}

/** First party, out of reach of scripts, sent along on links from other sites, and over TLS only. */
export const visitorCookie = (visitor: string): string =>
  `${COOKIE}=${visitor}; Max-Age=${YEAR_SECONDS}; Path=/; Secure; HttpOnly; SameSite=Lax`;

/**
 * The visitor, or the site for them, asks that nothing be kept on their device: Global Privacy Control, or
 * `stepladder_consent=off`. They are assigned and counted under an id that nobody keeps.
 */
export const wantsNoStorage = (
  headers: Readonly<Record<string, string | undefined>>,
  query: URLSearchParams,
): boolean => headers['sec-gpc'] === '1' || query.get('stepladder_consent') === 'off';

/** A browser that only looks ahead. Nobody has seen the page yet, so nobody is assigned. */
export const isPrefetch = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  ['sec-purpose', 'purpose', 'x-moz'].some((name) => /prefetch|prerender|preview/i.test(headers[name] ?? ''));

/**
 * What a redirect knows of a visitor: the query, so that an audience can ask for a campaign, and whether their browser brought a
 * cookie of ours along, as `returning`. The first of repeated keys counts. A parameter `returning` is not read: anyone may write it,
 * and what was seen here is known better.
 */
export function redirectAttributes(query: URLSearchParams, returning: boolean | undefined): Attributes {
  const attributes: Record<string, string> = {};
  for (const [key, value] of query)
    if (!Object.hasOwn(attributes, key) && key.length <= 64) attributes[key] = value.slice(0, 256);
  return { ...attributes, returning };
}
