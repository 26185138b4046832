import * as z from 'zod/mini';
import { VisitorId } from './visitor.ts';

/** Both ids are opaque: a hash of an account's number, say, and never an address. */
export const IdentifyRequest = z
  .strictObject({
    /** The id of before: the one in the cookie, or that a page made up. */
    visitor: VisitorId,
    /** The id the visitor is known under from now on, on every device. */
    knownAs: VisitorId,
  })
  .check(
    z.refine(({ visitor, knownAs }) => visitor !== knownAs, { path: ['knownAs'], message: 'is the visitor itself' }),
  );
export type IdentifyRequest = z.output<typeof IdentifyRequest>;
