import type { Variant } from '../experiment/definition.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { estimateMean } from '../statistics/mean.ts';
import { minusNormal, type Normal, normalInterval, probabilityAboveZero } from '../statistics/normal.ts';
import type { VariantCounts } from '../tally/counts.ts';
import type { MetricReport } from './metrics.ts';
import type { Estimate } from './report.ts';

/** What was spent on each variant, and what came back. Amounts in the smallest unit of the currency. */
export type ReturnOnSpend = {
  /** The value metric that says what came back; null where it is the plain value of the steps. */
  readonly metric: string | null;
  /** False where nothing was ever said to be worth anything: then there are costs, and no return to speak of. */
  readonly valued: boolean;
  readonly variants: readonly {
    readonly variant: string;
    /** Visitors the value is known of. */
    readonly visitors: number;
    readonly goalsPerVisitor: number;
    readonly valuePerVisitor: Estimate;
    /** Per visitor, with the fixed part shared out over everyone assigned. */
    readonly costPerVisitor: number;
    /** What one visitor at the goal cost; null where nobody came there. */
    readonly costPerGoal: number | null;
    readonly profitPerVisitor: Estimate;
    /** (value - cost) / cost; null where nothing was spent. */
    readonly roi: Estimate | null;
    /** Against the control; null for the control itself. */
    readonly extra: {
      /** Profit per visitor beyond the control's: what the spending itself has brought. */
      readonly profit: Estimate;
      readonly probabilityOfMore: number;
      /** The same as a share of what was spent beyond the control; null where that is nothing. */
      readonly roi: Estimate | null;
    } | null;
  }[];
};

type Input = {
  readonly variants: readonly Variant[];
  readonly sequence: Sequence;
  readonly metrics: readonly MetricReport[];
  readonly everyone: readonly VariantCounts[];
  readonly counted: readonly VariantCounts[];
};

/** Nothing where no variant says what it costs. */
export function returnOnSpend({ variants, sequence, metrics, everyone, counted }: Input): ReturnOnSpend | null {
  if (variants.every(({ cost }) => cost === undefined)) return null;
  const metric = metrics.find(({ kind }) => kind === 'value') ?? null;
  const rows = variants.flatMap(({ id, cost = { perVisitor: 0, fixed: 0 } }) => {
    const counts = counted.find(({ variant }) => variant === id);
    const assigned = everyone.find(({ variant }) => variant === id)?.visitors ?? 0;
    const value = metric ? valueOfMetric(metric, id) : counts && valueOfSteps(counts);
    if (value === undefined || counts === undefined || counts.visitors === 0) return [];
    const spent = cost.perVisitor + (assigned > 0 ? cost.fixed / assigned : 0);
    return [{ id, ...value, spent, goals: counts.goals / counts.visitors }];
  });
  const control = rows.find(({ id }) => id === sequence.control);
  if (control === undefined) return null;
  return {
    metric: metric?.id ?? null,
    valued: rows.some(({ belief }) => belief.mean > 0),
    variants: rows.map(({ id, visitors, belief, spent, goals }) => {
      const profit = { ...belief, mean: belief.mean - spent };
      const extraSpent = spent - control.spent;
      const extra = minusNormal(profit, { ...control.belief, mean: control.belief.mean - control.spent });
      return {
        variant: id,
        visitors,
        goalsPerVisitor: goals,
        valuePerVisitor: estimateOf(belief),
        costPerVisitor: spent,
        costPerGoal: goals > 0 ? spent / goals : null,
        profitPerVisitor: estimateOf(profit),
        roi: spent > 0 ? estimateOf(scaled(profit, 1 / spent)) : null,
        extra:
          id === sequence.control
            ? null
            : {
                profit: estimateOf(extra),
                probabilityOfMore: probabilityAboveZero(extra),
                roi: extraSpent > 0 ? estimateOf(scaled(extra, 1 / extraSpent)) : null,
              },
      };
    }),
  };
}

type Value = { readonly visitors: number; readonly belief: Normal };

function valueOfMetric(metric: MetricReport, variant: string): Value | undefined {
  const row = metric.variants.find((each) => each.variant === variant);
  return row?.belief ? { visitors: row.visitors, belief: row.belief } : undefined;
}

function valueOfSteps({ visitors, value, valueSquares }: VariantCounts): Value | undefined {
  const estimate = estimateMean({ count: visitors, sum: value, sumOfSquares: valueSquares });
  return estimate.kind === 'estimated'
    ? { visitors, belief: { mean: estimate.mean, standardError: estimate.standardError } }
    : undefined;
}

const scaled = ({ mean, standardError }: Normal, by: number): Normal => ({
  mean: mean * by,
  standardError: standardError * by,
});

const estimateOf = (belief: Normal): Estimate => ({ mean: belief.mean, ...normalInterval(belief) });
