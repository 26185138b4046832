import type { Variant } from '../experiment/definition.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { type Beta, betaMean, type Interval } from '../statistics/beta.ts';
import { betaInterval } from '../statistics/beta-distribution.ts';
import { type Anchor, attributeDropOff } from '../statistics/drop-off.ts';
import type { Cohort, VariantCounts } from '../tally/counts.ts';
import { type ObservedLadder, observedLadder } from './observed-ladder.ts';
import type { Estimate } from './report.ts';

/** From one shared step to the next: how much of the difference at the goal arises there. */
export type Stretch = {
  /** Null: from the assignment. */
  readonly from: { readonly step: string; readonly name: string } | null;
  readonly to: { readonly step: string; readonly name: string };
  /** Steps inside the stretch that only one ladder has. */
  readonly between: readonly { readonly variant: string; readonly name: string }[];
  readonly control: Estimate;
  readonly treatment: Estimate;
  /** Treatment over control, minus one. */
  readonly change: Estimate;
  /** Of the total in log terms; null while the total is unclear. */
  readonly share: number | null;
  /** Only the first stretch compares the same kind of people. */
  readonly randomised: boolean;
};

export type Divergence = {
  readonly variant: string;
  readonly total: Estimate;
  /** The total's interval contains "no difference": there is nothing to attribute yet. */
  readonly suppressed: boolean;
  readonly stretches: readonly Stretch[];
};

/** Where each treatment's ladder and the control's part ways, stretch by stretch between the steps both have. */
export function divergencesOf(
  variants: readonly Variant[],
  sequence: Sequence,
  counts: readonly VariantCounts[],
  cohorts: readonly Cohort[],
): Divergence[] {
  // Shares of one step among those of another cannot be standardised to one mix of weights; pooled, they would mislead.
  if (new Set(cohorts.map(({ epoch }) => epoch)).size > 1) return [];
  const ladderOf = (id: string) =>
    observedLadder(sequence.ladders[id] ?? [], counts.find(({ variant }) => variant === id)?.furthest ?? []);
  const base = variants.find(({ id }) => id === sequence.control);
  if (base === undefined) return [];
  const control = ladderOf(base.id);
  return variants
    .filter(({ id }) => id !== base.id)
    .map((variant) => divergence(base, variant, control, ladderOf(variant.id)));
}

function divergence(base: Variant, variant: Variant, control: ObservedLadder, treatment: ObservedLadder): Divergence {
  const anchors = sharedSteps(control, treatment);
  const { total, terms, suppressed } = attributeDropOff(
    { control: control.belief, treatment: treatment.belief },
    anchors,
  );
  const step = (rung: number) => {
    const id = control.steps[rung - 1] ?? '';
    return { step: id, name: base.steps.find((each) => each.id === id)?.name ?? id };
  };
  return {
    variant: variant.id,
    total: change(total),
    suppressed,
    stretches: terms.map((term) => {
      const from = term.from.control === 0 ? null : step(term.from.control);
      const to = step(term.to.control);
      return {
        from,
        to,
        between: [base, variant].flatMap((each) => insideOf(each, from?.step, to.step)),
        control: rate(term.control),
        treatment: rate(term.treatment),
        change: change(term),
        share: term.share,
        randomised: term.randomised,
      };
    }),
  };
}

/** The counted steps of both, as far as they come in the same order. */
function sharedSteps(control: ObservedLadder, treatment: ObservedLadder): Anchor[] {
  const anchors: Anchor[] = [];
  control.steps.forEach((step, i) => {
    const anchor = { control: i + 1, treatment: treatment.steps.indexOf(step) + 1 };
    if (anchor.treatment > (anchors.at(-1)?.treatment ?? 0)) anchors.push(anchor);
  });
  return anchors;
}

function insideOf({ id, steps }: Variant, from: string | undefined, to: string) {
  const begin = from === undefined ? 0 : steps.findIndex((step) => step.id === from) + 1;
  const end = steps.findIndex((step) => step.id === to);
  return steps.slice(begin, end).map(({ name }) => ({ variant: id, name }));
}

const rate = (belief: Beta): Estimate => ({ mean: betaMean(belief), ...betaInterval(belief) });

const change = ({ logRatio, interval }: { logRatio: number; interval: Interval }): Estimate => ({
  mean: Math.expm1(logRatio),
  low: Math.expm1(interval.low),
  high: Math.expm1(interval.high),
});
