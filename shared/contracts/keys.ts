import * as z from 'zod/mini';
import { oneLine } from '../experiment/plain-text.ts';
import { slug } from '../experiment/slug.ts';

/**
 * An origin as browsers send it, with `*` for the first part of a host or for a port: `https://shop.example`,
 * `https://*.shop.example`, `http://localhost:*`. Or `*` alone, for a key that is bound to none.
 */
const Origin = z
  .string()
  .check(
    z.maxLength(253),
    z.regex(
      /^(\*|https?:\/\/(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:(\d{1,5}|\*))?)$/,
      'needs an origin without a path, in lower case, such as https://shop.example',
    ),
  );

export const KEY_LIMITS = { origins: 50, projects: 50, requestsPerSecond: 10_000, graceHours: 30 * 24 } as const;

export const KeyRequest = z
  .strictObject({
    /** `publishable` for pages, bound to origins; `secret` for servers. */
    kind: z.enum(['publishable', 'secret']),
    name: oneLine(120),
    projects: z._default(z.array(slug('a project')).check(z.minLength(1), z.maxLength(KEY_LIMITS.projects)), ['main']),
    origins: z._default(z.array(Origin).check(z.maxLength(KEY_LIMITS.origins)), []),
    /** Per function instance: as many at once as in two seconds. */
    requestsPerSecond: z._default(z.int().check(z.minimum(1), z.maximum(KEY_LIMITS.requestsPerSecond)), 100),
  })
  .check((context) => {
    const { kind, origins } = context.value;
    const refuse = (message: string) =>
      context.issues.push({ code: 'custom', input: context.value, path: ['origins'], message });
    if (kind === 'publishable' && origins.length === 0)
      refuse('are missing: a publishable key is bound to the origins of its pages');
    if (kind === 'secret' && origins.length > 0)
      refuse('are for publishable keys; a secret key never goes into a page');
  });

export const RotateKeyRequest = z.strictObject({
  /** Hours the outgoing secret is still good for; 0 ends it now. */
  graceHours: z._default(z.int().check(z.minimum(0), z.maximum(KEY_LIMITS.graceHours)), 7 * 24),
});
