import { chance, listed, percent, plural } from '../verdict/words.ts';
import type { IntentReport } from './intent.ts';
import type { Report } from './report.ts';
import { capital, nameOf, points } from './say.ts';

/** The verdict over stages of intent, in words. */
export function intentSentence(report: Pick<Report, 'variants'>, intent: IntentReport): string {
  const { verdict, stages, single, probabilityBetter, gain, delta } = intent;
  if (verdict === 'too-few')
    return stages.length < 2
      ? `All visitors are of one stage, ${stages[0]?.stage ?? 'early'}, so there is nothing to compare.`
      : 'Too few to say: every variant needs ten goals in every stage. Until then, one winner for all.';
  const sure = chance(probabilityBetter ?? 0);
  const per = listed(stages.map(({ stage, best }) => `${nameOf(report, best ?? '')} for ${stage} visitors`));
  if (verdict === 'per-stage')
    return `One for each stage: ${per}. That brings more than ${percent(delta)} more people to the goal than ${nameOf(report, single ?? '')} for all with probability ${sure}, about ${points(gain ?? 0)} of all visitors.`;
  const same = stages.every(({ best }) => best === single);
  return same
    ? `One for all: ${nameOf(report, single ?? '')} has the highest rate in ${stages.length === 2 ? 'both' : `all ${plural(stages.length, 'stage')}`}.`
    : `One for all, ${nameOf(report, single ?? '')}. ${capital(per)} would be the best guess for each, but that it brings more than ${percent(delta)} more has a probability of only ${sure}; 95 % is asked for.`;
}
