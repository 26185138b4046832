import { INTENTS } from '../experiment/intent-stage.ts';
import type { Report, RungReport } from './report.ts';

export type CsvValue = string | number | boolean | null | undefined;

/** A cell of a table by the name of its column: names are the same in every row, values may be missing. */
export type CsvCells = Readonly<Record<string, CsvValue>>;

/** How a treatment stands at the guardrail that a metric is, if it is one. */
export function guardrailCells({ guardrails = [] }: Report, metric: string, variant: string): CsvCells {
  const standing = guardrails.find((each) => each.metric === metric && each.variant === variant);
  return {
    guardrail: standing?.action,
    guardrail_margin: standing?.margin,
    guardrail_outcome: standing?.outcome,
    guardrail_probability_of_harm: known(standing?.outcome) ? standing?.probabilityOfHarm : null,
    guardrail_log_evidence: known(standing?.outcome) ? standing?.logEvidence : null,
    guardrail_log_evidence_needed: standing?.needed,
  };
}

const known = (outcome: string | undefined): boolean => outcome !== 'unknown';

/** What a variant cost and brought back, per visitor assigned, in the smallest unit of the currency. */
export function spendCells({ spend }: Report, variant: string): CsvCells {
  const row = spend?.variants.find((each) => each.variant === variant);
  // Without anything of worth there is a cost, and neither a profit nor a return.
  const back = spend?.valued ? row : undefined;
  return {
    cost_per_visitor: row?.costPerVisitor,
    cost_per_goal: row?.costPerGoal,
    value_per_visitor: back?.valuePerVisitor.mean,
    profit_per_visitor: back?.profitPerVisitor.mean,
    profit_per_visitor_low: back?.profitPerVisitor.low,
    profit_per_visitor_high: back?.profitPerVisitor.high,
    return_on_cost: back?.roi?.mean,
    return_on_cost_low: back?.roi?.low,
    return_on_cost_high: back?.roi?.high,
    extra_profit_per_visitor: back?.extra?.profit.mean,
    extra_profit_per_visitor_low: back?.extra?.profit.low,
    extra_profit_per_visitor_high: back?.extra?.profit.high,
    probability_of_more_profit: back?.extra?.probabilityOfMore,
  };
}

/** The goal of a variant in each stage of intent, and whether it has the highest pooled rate there. */
export function intentCells({ intent }: Report, variant: string): CsvCells {
  const stages = INTENTS.map((stage) => {
    const found = intent?.stages.find((each) => each.stage === stage);
    const row = found?.variants.find((each) => each.variant === variant);
    // A rate of nobody is only the prior.
    const rate = row && row.visitors > 0 ? row.rate : undefined;
    return {
      [`${stage}_visitors`]: row?.visitors,
      [`${stage}_goals`]: row?.goals,
      [`${stage}_rate`]: rate?.mean,
      [`${stage}_rate_low`]: rate?.low,
      [`${stage}_rate_high`]: rate?.high,
      [`${stage}_rate_pooled`]: row?.pooled,
      [`${stage}_best`]: found && found.best !== null ? found.best === variant : null,
    };
  });
  return Object.assign(
    { intent_verdict: intent?.verdict, intent_probability_better: intent?.probabilityBetter },
    ...stages,
  );
}

/** The advice that names this rung; what names no step stands at the first. */
export function adviceCells({ advice = [] }: Report, variant: string, rung: RungReport): CsvCells {
  const here = advice.filter(
    ({ variants, steps }) =>
      variants.includes(variant) && (steps.length === 0 ? rung.rung === 1 : steps.includes(rung.step)),
  );
  return {
    advice: here.map(({ rule }) => rule).join(' '),
    advice_found: here.map(({ found }) => found).join(' '),
    advice_attempt: here.map(({ attempt }) => attempt).join(' '),
  };
}
