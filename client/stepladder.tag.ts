/// <reference lib="dom" />
import { decideHere } from './decide-here.ts';
import { ladderOf } from './ladder.ts';
import type { Ladder, Options } from './types.ts';

declare global {
  var Stepladder: Ladder;
}

// The options are the tag's data attributes, such as `data-api`. A second tag changes nothing.
self.Stepladder ??= ladderOf(document.currentScript?.dataset as Options, decideHere);
