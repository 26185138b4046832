import type { Decide } from './ladder.ts';
import { ask } from './request.ts';

/** The server decides and counts in one request. */
export const askServer: Decide = (experiment, visitor, attributes) =>
  ask('/v1/assign', JSON.stringify({ experiment, visitor, attributes }));
