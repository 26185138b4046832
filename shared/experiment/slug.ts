import * as z from 'zod/mini';

/**
 * Ids people choose end up in URLs, sort keys and CSV headers, so they are one narrow alphabet:
 * lower-case letters, digits and inner hyphens, at most 64 characters.
 */
export const slug = (what: string) =>
  z
    .string()
    .check(
      z.regex(
        /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/,
        `${what} has lower-case letters, digits and inner hyphens, 64 characters at most`,
      ),
    );
