import type { GuardrailStanding } from '../verdict/guardrail-standing.ts';
import { chance, level } from '../verdict/words.ts';
import type { Report } from './report.ts';
import { capital, nameOf, signed } from './say.ts';

/** How a guardrail stands, in a word. */
export const GUARDRAIL_WORDS = {
  clear: 'clear',
  warned: 'warning',
  crossed: 'crossed',
  unknown: 'too few visitors',
} as const satisfies Record<GuardrailStanding['outcome'], string>;

/** How one variant stands against one guardrail, in words. Levels are those of everyone so far. */
export function guardrailSentence(report: Pick<Report, 'variants'>, standing: GuardrailStanding): string {
  const { kind, control, treatment, ratio, outcome } = standing;
  const name = capital(nameOf(report, standing.variant));
  if (outcome === 'unknown' || control === null || treatment === null)
    return `${name} and the control have too few visitors with anything to compare.`;
  const change = ratio === null ? '' : ` (${signed(ratio - 1)})`;
  return `${name} has ${level(kind, treatment)}${change}, the control ${level(kind, control)}; at this look it is worse than tolerated with probability ${chance(standing.probabilityOfHarm)}.`;
}
