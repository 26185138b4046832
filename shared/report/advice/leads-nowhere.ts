import { posterior } from '../../statistics/beta.ts';
import { compareRates } from '../../statistics/comparison.ts';
import { chance, people, percent } from '../../verdict/words.ts';
import type { Advice, Judged } from '../advice.ts';

const SURE = 0.95;

/**
 * A step leads nowhere: even those who took it, who have shown that they are willing, reach the goal less often than everyone
 * assigned to another variant, willing or not, with probability 0.95. No share of its own has to be chosen for that. Of several
 * such steps of a ladder the last is named, as it has the fewest excuses.
 */
export function leadsNowhere({ variants }: Judged): Advice[] {
  return variants.flatMap((variant): Advice[] => {
    const [best] = variants
      .filter(({ id, counted }) => id !== variant.id && counted > 0)
      .sort((a, b) => b.best - a.best);
    if (best === undefined) return [];
    const steps = variant.rungs.slice(0, -1).filter(({ observed, reached }) => observed && reached > 0);
    const last = steps
      .map((rung) => {
        const goal = posterior(variant.goals, Math.max(variant.goals, rung.reached));
        const worse = 1 - (compareRates([best.belief, goal], 0).beatsControl[1] ?? 1);
        return { ...rung, goal, worse };
      })
      .filter(({ worse }) => worse >= SURE)
      .at(-1);
    if (last === undefined) return [];
    return [
      {
        rule: 'leads-nowhere',
        variants: [variant.id],
        steps: [last.step],
        found: `Of the ${people(last.reached)} who took “${last.name}” in ${variant.name}, ${percent(variant.goals / last.reached)} reach the goal; of everyone assigned to ${best.name}, whether they took anything or not, ${percent(best.goalRate.mean)} do. That the step's own people do worse has a probability of ${chance(last.worse)}.`,
        attempt:
          'Leave the step out, or change what follows it: whoever says yes here should be nearer to the goal, not further.',
        value: last.worse,
        threshold: SURE,
      },
    ];
  });
}
