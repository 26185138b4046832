import { listed, percent } from '../../verdict/words.ts';
import type { Advice, Judged } from '../advice.ts';
import { range } from '../say.ts';

/** A yes is small when more people say it than not. */
const SMALL_YES = 0.5;
const SURE = 0.95;

/**
 * The first ask is too big: it loses the largest share of all steps with probability 0.95, and surely more than half. A ladder
 * of one step is not spoken of; that its only ask is its first is what it is compared for.
 */
export function firstAsk({ variants }: Judged): Advice[] {
  const big = variants.flatMap(({ id, name, rungs }) => {
    const observed = rungs.filter((rung) => rung.observed);
    const [first] = observed;
    const pass = first?.momentum;
    if (!first || !pass || observed.length < 2 || (first.worst ?? 0) < SURE || pass.high >= SMALL_YES) return [];
    return [{ id, name, step: first.step, stepName: first.name, pass }];
  });
  const steps = [...new Set(big.map(({ step }) => step))];
  return steps.map((step) => {
    const same = big.filter((each) => each.step === step);
    const largest = Math.max(...same.map(({ pass }) => pass.mean));
    return {
      rule: 'first-ask',
      variants: same.map(({ id }) => id),
      steps: [step],
      found: `“${same[0]?.stepName}” is the first thing asked, and loses most: it is taken by ${listed(same.map(({ name, pass }) => `${percent(pass.mean)} in ${name} (95 % interval ${range(pass)})`))}. A small yes is one that more than half say.`,
      attempt: 'Put a smaller ask before it, or make this one smaller: fewer choices, fewer fields, a promise of less.',
      value: largest,
      threshold: SMALL_YES,
    };
  });
}
