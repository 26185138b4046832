import { chance, listed, percent } from '../../verdict/words.ts';
import type { Advice, Judged } from '../advice.ts';
import { nameOf } from '../say.ts';

const SURE = 0.95;

/** More steps than earn their place: where a longer ladder was tried beside a shorter one, and brings less or no more. */
export function unearnedStep(report: Judged): Advice[] {
  return report.extraSteps.flatMap(({ verdict, shorter, longer, steps, delta, ...chances }): Advice[] => {
    if (verdict !== 'costs' && verdict !== 'equivalent') return [];
    const value = verdict === 'costs' ? chances.probabilityCosts : chances.probabilityEquivalent;
    const asks = listed(steps.map(({ name }) => `“${name}”`));
    return [
      {
        rule: 'unearned-step',
        variants: [longer],
        steps: steps.map(({ step }) => step),
        found: `With ${asks}, ${nameOf(report, longer)} ${verdict === 'costs' ? `brings more than ${percent(delta)} fewer people to the goal than` : `brings as many people to the goal, within ${percent(delta)}, as`} ${nameOf(report, shorter)}, with probability ${chance(value)}.`,
        attempt: `Leave ${asks} out: an ask that brings nothing is still an ask.`,
        value,
        threshold: SURE,
      },
    ];
  });
}
