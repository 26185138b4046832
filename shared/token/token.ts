import { createHmac, timingSafeEqual } from 'node:crypto';
import { DAY_MS, MINUTE_MS } from '../experiment/time.ts';

/**
 * A signed statement about one visitor of one experiment, short enough for a URL. Signed, not secret: it holds opaque ids only.
 *
 * - `visit`: a redirect sent this visitor here; a site on another host goes on with the same visitor.
 * - `exposure`: an evaluation decided this; sent back, it counts the visitor in.
 * - `uncounted`: this visitor was shown a page without being counted (a preview, a prefetch, a store that was down);
 *   whatever is sent back with it is refused, because nobody knows to which variant it would belong.
 */
export type Token = {
  readonly kind: 'visit' | 'exposure' | 'uncounted';
  readonly experiment: string;
  readonly visitor: string;
  readonly variant: string;
  /** The step whose e-mail link was opened, for a visit by such a link. */
  readonly step?: string | undefined;
  /** When it was signed, ms since 1970. */
  readonly issuedAt: number;
};

export type TokenSecret = { readonly current: string; readonly previous?: string | undefined };
export type Verified =
  | { readonly kind: 'valid'; readonly token: Token }
  | { readonly kind: 'expired' }
  | { readonly kind: 'forged' };

const KINDS = ['visit', 'exposure', 'uncounted'] as const;
/** 128 bits of the digest: what is signed is worth little, and the URL is somebody else's. */
const SIGNATURE_BYTES = 16;
/** A landing page may be kept open or shared; after a week its token says nothing any more. */
export const TOKEN_LIFETIME_MS = 7 * DAY_MS;
/** Clocks of servers differ by this much at most; a token from further in the future is not ours. */
const CLOCK_SLACK_MS = 5 * MINUTE_MS;

/** The token as text: the statement in base64url, a dot, the signature in base64url. */
export function signToken(token: Token, { current }: TokenSecret): string {
  const { kind, experiment, visitor, variant, issuedAt, step } = token;
  const statement = Buffer.from(
    JSON.stringify([
      KINDS.indexOf(kind),
      experiment,
      visitor,
      variant,
      Math.floor(issuedAt / 1000),
      ...(step ? [step] : []),
    ]),
  );
  const text = statement.toString('base64url');
  return `${text}.${signature(text, current)}`;
}

/** Reads a token at an instant (ms). Compares signatures in constant time; the previous secret is good while it is rotated out. */
export function verifyToken(text: string, { current, previous }: TokenSecret, now: number): Verified {
  const dot = text.lastIndexOf('.');
  if (dot < 1 || text.length > 1024) return { kind: 'forged' };
  const statement = text.slice(0, dot);
  const claimed = Buffer.from(text.slice(dot + 1));
  const secrets = previous ? [current, previous] : [current];
  if (!secrets.some((secret) => matches(claimed, signature(statement, secret)))) return { kind: 'forged' };
  const token = decoded(statement);
  if (token === undefined || token.issuedAt > now + CLOCK_SLACK_MS) return { kind: 'forged' };
  return now - token.issuedAt > TOKEN_LIFETIME_MS ? { kind: 'expired' } : { kind: 'valid', token };
}

const signature = (text: string, secret: string): string =>
  createHmac('sha256', secret).update(text).digest().subarray(0, SIGNATURE_BYTES).toString('base64url');

/** Compared as text: base64 has several spellings of the same bytes, and a token has one. */
const matches = (claimed: Buffer, expected: string): boolean =>
  claimed.length === expected.length && timingSafeEqual(claimed, Buffer.from(expected));

/** Signed by us, so it is well formed, unless another version of us signed it. */
function decoded(statement: string): Token | undefined {
  const parts: unknown = JSON.parse(Buffer.from(statement, 'base64url').toString('utf8'));
  if (!Array.isArray(parts)) return undefined;
  const [kindIndex, experiment, visitor, variant, seconds, step] = parts as unknown[];
  const kind = KINDS[Number(kindIndex)];
  if (kind === undefined || typeof experiment !== 'string' || typeof visitor !== 'string') return undefined;
  if (typeof variant !== 'string' || typeof seconds !== 'number') return undefined;
  const base = { kind, experiment, visitor, variant, issuedAt: seconds * 1000 };
  return typeof step === 'string' ? { ...base, step } : base;
}
