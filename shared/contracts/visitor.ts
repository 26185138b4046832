import * as z from 'zod/mini';

/**
 * Anything of the form `a@b.c`. The dot is the first one that may be it, so that there is one way to read a text: with two, an
 * id of 200,000 dots held a function for half a minute.
 */
const EMAIL_ADDRESS = /^[^@\s]+@[^@\s][^@\s.]*\.[^@\s]+$/;

/**
 * An opaque id of a visitor. An e-mail address is refused outright: ids travel in URLs, logs and exports, and an address
 * in any of those is personal data that nobody meant to collect. Send a hash, or let the platform mint an id.
 */
export const VisitorId = z.string().check(
  z.minLength(1),
  z.maxLength(128, { abort: true }),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being refused
  z.regex(/^[^\u0000-\u001f\u007f]*$/, 'has control characters'),
  z.refine(
    (id) => !EMAIL_ADDRESS.test(id),
    'is an e-mail address, which is personal data; send an opaque id or a hash instead',
  ),
);

/** What a site tells about a visitor, to be matched against the audience. Twenty at most, besides `returning`, which the browser client adds. */
export const Attributes = z
  .record(
    z.string().check(z.minLength(1), z.maxLength(64)),
    z.union([z.string().check(z.maxLength(256)), z.number(), z.boolean()]),
  )
  .check(
    z.refine(
      (attributes) => Object.keys(attributes).filter((name) => name !== 'returning').length <= 20,
      'has more than 20 attributes',
    ),
  );
