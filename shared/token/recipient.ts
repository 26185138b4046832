import { createHmac, timingSafeEqual } from 'node:crypto';

/** 96 bits: what a forger would win is one click counted to somebody. */
const SIGNATURE_BYTES = 12;

/** Ids a merge tag can carry through any e-mail tool and any URL. */
export const RECIPIENT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** An opaque id of a person with our signature behind it: what an e-mail tool merges into links. Never expires. */
export const signRecipient = (id: string, secret: string): string => `${id}.${signature(id, secret)}`;

/** The id, if we signed it. */
export function recipientOf(signed: string, secret: string): string | undefined {
  const dot = signed.lastIndexOf('.');
  const id = signed.slice(0, Math.max(dot, 0));
  if (!RECIPIENT_ID.test(id)) return undefined;
  // As text: base64 has several spellings of the same bytes, and a recipient has one.
  const claimed = Buffer.from(signed.slice(dot + 1));
  const expected = Buffer.from(signature(id, secret));
  return claimed.length === expected.length && timingSafeEqual(claimed, expected) ? id : undefined;
}

/** The purpose is part of what is signed, so that no other signature of ours fits. */
const signature = (id: string, secret: string): string =>
  createHmac('sha256', secret)
    .update(JSON.stringify(['recipient', id]))
    .digest()
    .subarray(0, SIGNATURE_BYTES)
    .toString('base64url');
