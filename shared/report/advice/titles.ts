import type { Advice } from '../advice.ts';

/** What each rule of advice is about, in a few words. */
export const ADVICE_TITLES = {
  'first-ask': 'The first ask is big',
  'no-value-first': 'Nothing is given before the ask',
  'leads-nowhere': 'A step that leads nowhere',
  'unearned-step': 'More steps than earn their place',
  'repeated-ask': 'An ask that repeats',
} as const satisfies Record<Advice['rule'], string>;
