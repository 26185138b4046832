import { chance, listed, money } from '../verdict/words.ts';
import type { Report } from './report.ts';
import type { ReturnOnSpend } from './return-on-spend.ts';
import { capital, nameOf } from './say.ts';

/** What the spending brought, in words. */
export function spendSentence(report: Pick<Report, 'variants'>, { variants, valued }: ReturnOnSpend): string {
  if (!valued) return withoutValue(report, variants);
  const extras = variants.flatMap(({ variant, extra }) => (extra ? [{ name: nameOf(report, variant), ...extra }] : []));
  if (extras.length === 0) return 'Only the control is known well enough to say what came back.';
  return `${capital(
    listed(
      extras.map(({ name, profit, probabilityOfMore }) =>
        profit.mean >= 0
          ? `${name} brings ${money(profit.mean)} more profit per visitor than the control (more at all with probability ${chance(probabilityOfMore)})`
          : `${name} brings ${money(-profit.mean)} less profit per visitor than the control (less with probability ${chance(1 - probabilityOfMore)})`,
      ),
    ),
  )}.`;
}

/** Nothing was said to be worth anything: what can be told is what a goal costs. */
function withoutValue(report: Pick<Report, 'variants'>, variants: ReturnOnSpend['variants']): string {
  const costs = variants.flatMap(({ variant, costPerGoal }) =>
    costPerGoal !== null && costPerGoal > 0 ? [`${money(costPerGoal)} with ${nameOf(report, variant)}`] : [],
  );
  const told = 'Nothing was said to be worth anything, so there is no return to speak of.';
  return costs.length > 0 ? `${told} One visitor at the goal costs ${listed(costs)}.` : told;
}
