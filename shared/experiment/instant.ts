import * as z from 'zod/mini';

/** An instant as people and addresses write it. */
export const instant = z.iso.datetime({
  offset: true,
  message: 'needs a date and time with zone, such as 2026-01-31T00:00:00Z',
});
