import { isbot } from 'isbot';
import type { Signal } from '../journey/signal.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** What a visitor's own request gives away about its sender. The list of crawlers is isbot's, which many keep up to date. */
export const signalsOf = (headers: Headers): Signal[] => (isbot(headers['user-agent']) ? ['declared-bot'] : []);

/**
 * The same for the site API, which backends call too: a billing system is no crawler. Only a request that a page's script
 * sent speaks for the visitor, and browsers mark those with their origin.
 */
export const pageSignalsOf = (headers: Headers): Signal[] =>
  headers.origin === undefined && headers['sec-fetch-site'] === undefined ? [] : signalsOf(headers);
