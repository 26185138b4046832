import { listed } from '../verdict/words.ts';
import type { ExtraSteps } from './extra-steps.ts';
import type { Report } from './report.ts';
import { capital, nameOf } from './say.ts';

/** Whether an extra ask earns its place, in words: which ladders are compared, and the answer. */
export function extraStepSentence(report: Pick<Report, 'variants'>, extra: ExtraSteps): string {
  const [shorter, longer] = [nameOf(report, extra.shorter), nameOf(report, extra.longer)];
  const asked = listed(extra.steps.map(({ name }) => `“${name}”`));
  return `${capital(longer)} is ${shorter} with ${asked} asked as well. ${answer(extra, shorter)}`;
}

function answer({ verdict, steps }: ExtraSteps, shorter: string): string {
  const one = steps.length === 1;
  switch (verdict) {
    case 'earns':
      return `${one ? 'It earns its' : 'They earn their'} place: more people come to the goal with the extra asking than without.`;
    case 'costs':
      return `${one ? 'It costs more than it brings' : 'They cost more than they bring'}: fewer people come to the goal.`;
    case 'equivalent':
      return `The goal rates are practically the same, so ${shorter} should win: an ask that changes nothing is still an ask.`;
    case 'keep-running':
      return 'It cannot be said yet.';
  }
}
