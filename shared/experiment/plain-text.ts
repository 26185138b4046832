import * as z from 'zod/mini';

const MESSAGE = 'has characters that control a terminal or turn the direction of writing';

/**
 * Text of one line, to be read in tables, terminals and the subjects of mails. What moves a cursor, ends a line or turns the
 * direction of what follows is refused: with it, the name of one variant could say that another has won.
 */
export const oneLine = (maxLength: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(maxLength),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being refused
    z.regex(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/, MESSAGE),
  );

/** The same over any number of lines. */
export const severalLines = (maxLength: number) =>
  z.string().check(
    z.maxLength(maxLength),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being refused
    z.regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/, MESSAGE),
  );
