import type { Variant } from '../experiment/definition.ts';
import { firstAsk } from './advice/first-ask.ts';
import { leadsNowhere } from './advice/leads-nowhere.ts';
import { noValueFirst } from './advice/no-value-first.ts';
import { repeatedAsk } from './advice/repeated-ask.ts';
import { unearnedStep } from './advice/unearned-step.ts';
import type { Report } from './report.ts';

export const ADVICE_RULES = ['first-ask', 'no-value-first', 'leads-nowhere', 'unearned-step', 'repeated-ask'] as const;

/** Something about a ladder that is worth trying otherwise. It advises and never blocks; docs/advice.md states and argues each rule. */
export type Advice = {
  readonly rule: (typeof ADVICE_RULES)[number];
  readonly variants: readonly string[];
  readonly steps: readonly string[];
  /** What was found, in a sentence with its number. */
  readonly found: string;
  /** What to try. */
  readonly attempt: string;
  /** The number behind it, and the one from which the rule speaks. */
  readonly value: number;
  readonly threshold: number;
};

export type Judged = Omit<Report, 'advice'>;

/** All advice on the ladders of an experiment. What needs data is silent until there is enough to judge, and where they cannot be trusted. */
export function adviceOf(variants: readonly Variant[], report: Judged): Advice[] {
  const readable = report.verdict.kind !== 'collecting' && report.verdict.kind !== 'invalid';
  return [
    ...noValueFirst(variants),
    ...repeatedAsk(variants, readable ? report : null),
    ...(readable ? [...firstAsk(report), ...leadsNowhere(report), ...unearnedStep(report)] : []),
  ];
}
