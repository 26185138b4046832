import { decideHere } from './decide-here.ts';
import { ladderOf } from './ladder.ts';
import type { Ladder, Options } from './types.ts';

export type * from './types.ts';

/** The client that assigns in the browser. */
export const stepladder = (options?: Options): Ladder => ladderOf(options, decideHere);
