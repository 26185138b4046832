import { askServer } from './ask-server.ts';
import { ladderOf } from './ladder.ts';
import type { Ladder, Options } from './types.ts';

export type * from './types.ts';

/** The client that asks the server for every assignment. */
export const stepladder = (options?: Options): Ladder => ladderOf(options, askServer);
