import { murmur3 } from '../assignment/murmur3.ts';

/**
 * How much one journey holds. Ten times what a lively member does in a month; with the longest names there are it stays below
 * the 400 KB an item may have, and every write of a journey is paid by its size.
 */
export const JOURNEY_LIMITS = { commitments: 1_000, replies: 1_500 } as const;

/**
 * The key of a commitment on a journey: its activity, and 64 bits of the hash of its event's id. The id itself is not kept: it
 * may be long, and it may be an address in somebody's community. Two of a visitor's thousand ids share a key once in 10^13.
 *
 * @example commitmentKey('post', 'p-1') // 'post#1hfemrp98k7aw'
 */
export const commitmentKey = (activity: string, eventId: string): string =>
  `${activity}#${((BigInt(murmur3(eventId, 0)) << 32n) | BigInt(murmur3(eventId, SECOND_SEED))).toString(36)}`;

/** Any number but the first seed will do. */
const SECOND_SEED = 0x9747b28c;

/** The key of the replies at one depth below a commitment: 1 is a reply to it, 2 a reply to that. */
export const replyKey = (activity: string, to: string, depth: number): string =>
  `${commitmentKey(activity, to)}#${depth}`;

/** The activity of a commitment's key. Activities are slugs, so they hold no `#`. */
export const activityOfKey = (key: string): string => key.slice(0, key.indexOf('#'));

/** The commitment that the replies of a key are to, and how deep they are. */
export function readReplyKey(key: string): { readonly commitment: string; readonly depth: number } {
  const end = key.lastIndexOf('#');
  return { commitment: key.slice(0, end), depth: Number(key.slice(end + 1)) };
}
