import type { Variant } from '../../experiment/definition.ts';
import type { Step } from '../../experiment/step.ts';
import { percent } from '../../verdict/words.ts';
import type { Advice, Judged } from '../advice.ts';

/** Words that make no other ask of an ask. */
const FILLERS = new Set(['a', 'an', 'the', 'your', 'our', 'my', 'again', 'once', 'more', 'now', 'please', 'to']);

/**
 * An ask that repeats: two steps of one ladder with the same words (but for articles and the like), the same address, or both
 * the conversion. Whoever said yes has said it; whoever said no is gone.
 */
export function repeatedAsk(variants: readonly Variant[], report: Judged | null): Advice[] {
  return variants.flatMap((variant) =>
    variant.steps.flatMap((step, index): Advice[] => {
      const earlier = variant.steps.slice(0, index).findIndex((each) => sameAsk(each, step) !== undefined);
      const first = variant.steps[earlier];
      if (first === undefined) return [];
      const rung = report?.variants.find(({ id }) => id === variant.id)?.rungs[index];
      const measured =
        rung?.momentum && rung.observed
          ? ` Of those on the step below it, ${percent(rung.momentum.mean)} take it.`
          : '';
      return [
        {
          rule: 'repeated-ask',
          variants: [variant.id],
          steps: [first.id, step.id],
          found: `Steps ${earlier + 1} and ${index + 1} of ${variant.name}, “${first.name}” and “${step.name}”, ${sameAsk(first, step)}.${measured}`,
          attempt: 'Ask once, where the answer is likeliest, or let the second ask be for something else.',
          value: index - earlier,
          threshold: variant.steps.length,
        },
      ];
    }),
  );
}

function sameAsk(a: Step, b: Step): string | undefined {
  if (wordsOf(a.name) !== '' && wordsOf(a.name) === wordsOf(b.name)) return 'are the same ask in the same words';
  if (a.stage === 'conversion' && b.stage === 'conversion') return 'both ask for the conversion';
  if (a.url !== undefined && a.url === b.url) return 'lead to one address';
  return undefined;
}

const wordsOf = (name: string): string =>
  (name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => !FILLERS.has(word))
    .sort()
    .join(' ');
