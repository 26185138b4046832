import type { Variant } from '../../experiment/definition.ts';
import type { Stage } from '../../experiment/step.ts';
import { plural } from '../../verdict/words.ts';
import type { Advice } from '../advice.ts';

/** Steps at which a visitor gets something rather than gives it. */
const GIVING: ReadonlySet<Stage | undefined> = new Set(['engagement', 'reinforcement']);

/**
 * No value before the ask: every ladder of the experiment asks for the conversion before it has given anything. Where one
 * ladder gives first and another does not, that is what the experiment is about, and there is nothing to advise. Speaks only of
 * definitions that state stages, because otherwise it is not known what a step is for.
 */
export function noValueFirst(variants: readonly Variant[]): Advice[] {
  const staged = variants.every(({ steps }) => steps.at(-1)?.stage === 'conversion');
  const giving = variants.map(({ steps }) => steps.slice(0, -1).filter(({ stage }) => GIVING.has(stage)).length);
  if (!staged || giving.some((count) => count > 0)) return [];
  const before = variants.reduce((sum, { steps }) => sum + steps.length - 1, 0);
  return [
    {
      rule: 'no-value-first',
      variants: variants.map(({ id }) => id),
      steps: [],
      found: `${before === 0 ? 'Every variant asks for the conversion at once' : `None of the ${plural(before, 'step')} before the conversion, over all variants, is an engagement or a reinforcement`}: whoever is asked has been given nothing yet.`,
      attempt:
        'Try a ladder that gives before it asks: a plan, a result, an answer of their own. Mark that step as engagement.',
      value: 0,
      threshold: 1,
    },
  ];
}
