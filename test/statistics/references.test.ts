import { afterAll, describe, expect, it } from 'vitest';
import { type Beta, betaMean, type Interval, posterior } from '#shared/statistics/beta.ts';
import { betaCdf, betaInterval, betaQuantile, betaSurvival } from '#shared/statistics/beta-distribution.ts';
import { compareRates } from '#shared/statistics/comparison.ts';
import { difference, probabilityOfDifferenceBelow } from '#shared/statistics/difference.ts';
import { relativeLoss } from '#shared/statistics/relative-loss.ts';
import { compareSceptically } from '#shared/statistics/sceptical.ts';
import { probabilityOfRatioBelow, uplift } from '#shared/statistics/uplift.ts';
import auxiliary from '../fixtures/reference/statistics-aux.json' with { type: 'json' };
import further from '../fixtures/reference/statistics-further.json' with { type: 'json' };
import given from '../fixtures/reference/statistics-reference.json' with { type: 'json' };
import { relativeError, worstErrors } from '../support/worst-error.ts';

const errors = worstErrors('Worst errors of the posterior core (relative; interval ends and medians in half-widths)');
afterAll(() => console.log(errors.table()));

type Text = string | number;

function near(quantity: string, actual: number | null | undefined, expected: Text, allowed: number, unit?: number) {
  const reference = Number(expected);
  const value = actual ?? Number.NaN;
  const error = unit === undefined ? relativeError(value, reference) : (value - reference) / unit;
  expect(errors.allows(quantity, error, allowed), `${quantity}: ${actual} against ${expected}`).toBe(true);
}

function nearInterval(quantity: string, interval: Interval, [low, high]: readonly Text[]) {
  near(quantity, interval.low, low ?? '', 1e-10);
  near(quantity, interval.high, high ?? '', 1e-10);
}

function nearSpread(quantity: string, actual: { median: number; interval: Interval }, expected: Spread) {
  const [low, high] = expected.ci95 as [Text, Text];
  const halfWidth = (Number(high) - Number(low)) / 2;
  near(`${quantity} interval`, actual.interval.low, low, 1e-9, halfWidth);
  near(`${quantity} interval`, actual.interval.high, high, 1e-9, halfWidth);
  near(`${quantity} median`, actual.median, expected.median, 1e-9, halfWidth);
}

/** Two identities that hold whatever the references say. */
function coherent(posteriors: readonly Beta[]) {
  const { best, expectedLoss } = compareRates(posteriors);
  near('sum of P(best)', sum(best), 1, 1e-12);
  for (const [i, one] of posteriors.entries()) {
    for (const [j, other] of posteriors.entries()) {
      const gap = (expectedLoss[i] ?? Number.NaN) - (expectedLoss[j] ?? Number.NaN);
      near('loss identity', gap, betaMean(other) - betaMean(one), 1e-13, 1);
    }
  }
}
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

interface Spread {
  readonly median: Text;
  readonly mean?: Text | null;
  readonly ci95: readonly Text[];
}

interface GivenCase {
  readonly id: string;
  readonly kind: string;
  readonly prior: Beta;
  readonly data: readonly { readonly conversions: number; readonly visitors: number }[];
  readonly hp: {
    readonly arms: readonly {
      readonly ci95: readonly Text[];
      readonly ci99?: readonly Text[];
      readonly p_best?: Text;
      readonly loss?: Text;
      readonly p_beats_control?: Text;
    }[];
    readonly p_a_gt_b?: Text;
    readonly p_b_gt_a?: Text;
    readonly loss_choose_a?: Text;
    readonly loss_choose_b?: Text;
    readonly rel_loss_choose_a?: Text | null;
    readonly rel_loss_choose_b?: Text;
    readonly uplift?: Spread;
    readonly rel_uplift?: Spread;
  };
}

/** As `generate.py` writes them: counts as pairs, the prior as text. */
interface FurtherCase {
  readonly id: string;
  readonly kind: string;
  readonly prior: readonly string[];
  readonly data: readonly number[][];
  readonly ref: {
    readonly p_a_gt_b?: Text;
    readonly p_b_gt_a?: Text;
    readonly loss_choose_a?: Text;
    readonly loss_choose_b?: Text;
    readonly ci95?: readonly Text[][];
    readonly ci99?: readonly Text[][];
    readonly uplift?: Spread;
    readonly rel_uplift?: Spread;
    readonly ratio_below?: readonly Text[][];
    readonly difference_below?: readonly Text[][];
    readonly rel_loss?: readonly (Text | null)[];
    readonly best?: readonly Text[];
    readonly second?: readonly Text[];
    readonly beats_control?: readonly (Text | null)[];
    readonly loss?: readonly Text[];
  };
}

const ofKind = <Case extends { readonly kind: string }>(cases: readonly Case[], kind: string) =>
  cases.filter((one) => one.kind === kind);
const given2 = ofKind<GivenCase>(given.cases, 'two_arm');
const givenMany = ofKind<GivenCase>(given.cases, 'k_arm');
const further2 = ofKind<FurtherCase>(further.cases, 'two_arm');
const furtherMany = ofKind<FurtherCase>(further.cases, 'k_arm');

describe('the posterior core', () => {
  it.each(given2)('matches the given thirty digits for two variants: $id', ({ data, prior, hp }) => {
    const [control, treatment] = data.map(({ conversions, visitors }) => posterior(conversions, visitors, prior)) as [
      Beta,
      Beta,
    ];
    const { best, beatsControl, notBest, expectedLoss } = compareRates([control, treatment]);
    near('P(best), two variants', best[0], hp.p_a_gt_b ?? '', 1e-10);
    near('P(best), two variants', best[1], hp.p_b_gt_a ?? '', 1e-10);
    near('P(beats control)', beatsControl[1], hp.p_b_gt_a ?? '', 1e-10);
    near('P(not best)', notBest[1], hp.p_a_gt_b ?? '', 1e-10);
    near('expected loss, two variants', expectedLoss[0], hp.loss_choose_a ?? '', 1e-10);
    near('expected loss, two variants', expectedLoss[1], hp.loss_choose_b ?? '', 1e-10);
    for (const [i, arm] of [control, treatment].entries()) {
      nearInterval('95 % interval of a rate', betaInterval(arm), hp.arms[i]?.ci95 ?? []);
      nearInterval('99 % interval of a rate', betaInterval(arm, 0.99), hp.arms[i]?.ci99 ?? []);
    }
    if (hp.uplift) nearSpread('difference', difference(control, treatment), hp.uplift);
    if (hp.uplift) near('mean difference', difference(control, treatment).mean, hp.uplift.mean ?? '', 1e-10, 1);
    if (hp.rel_uplift) nearSpread('relative uplift', uplift(control, treatment), hp.rel_uplift);
    const relative = relativeLoss(control, treatment);
    near('relative loss', relative.choosingTreatment, hp.rel_loss_choose_b ?? '', 1e-10);
    if (hp.rel_loss_choose_a === null) expect(relative.choosingControl).toBeNull();
    else near('relative loss', relative.choosingControl, hp.rel_loss_choose_a ?? '', 1e-10);
    if (hp.rel_uplift?.mean === null) expect(uplift(control, treatment).mean).toBeNull();
    else near('mean relative uplift', uplift(control, treatment).mean, hp.rel_uplift?.mean ?? '', 1e-10);
    coherent([control, treatment]);
  });

  it.each(givenMany)('matches the given thirty digits for several variants: $id', ({ data, prior, hp }) => {
    const posteriors = data.map(({ conversions, visitors }) => posterior(conversions, visitors, prior));
    const { best, beatsControl, expectedLoss } = compareRates(posteriors);
    for (const [i, arm] of hp.arms.entries()) {
      near('P(best), several variants', best[i], arm.p_best ?? '', 1e-10);
      near('expected loss, several variants', expectedLoss[i], arm.loss ?? '', 1e-10);
      if (i > 0) near('P(beats control)', beatsControl[i], arm.p_beats_control ?? '', 1e-10);
      nearInterval('95 % interval of a rate', betaInterval(posteriors[i] as Beta), arm.ci95);
    }
    coherent(posteriors);
  });

  it.each(further2)('matches our own further references for two variants: $id', ({ data, prior, ref }) => {
    const [control, treatment] = betasOf(data, prior) as [Beta, Beta];
    const { best, notBest, expectedLoss } = compareRates([control, treatment]);
    near('P(best), two variants', best[0], ref.p_a_gt_b ?? '', 1e-10);
    near('P(best), two variants', best[1], ref.p_b_gt_a ?? '', 1e-10);
    near('P(not best)', notBest[0], ref.p_b_gt_a ?? '', 1e-10);
    near('expected loss, two variants', expectedLoss[0], ref.loss_choose_a ?? '', 1e-10);
    near('expected loss, two variants', expectedLoss[1], ref.loss_choose_b ?? '', 1e-10);
    for (const [i, arm] of [control, treatment].entries()) {
      nearInterval('95 % interval of a rate', betaInterval(arm), ref.ci95?.[i] ?? []);
      nearInterval('99 % interval of a rate', betaInterval(arm, 0.99), ref.ci99?.[i] ?? []);
    }
    if (ref.uplift) nearSpread('difference', difference(control, treatment), ref.uplift);
    if (ref.rel_uplift) nearSpread('relative uplift', uplift(control, treatment), ref.rel_uplift);
    for (const [ratio, below, above] of ref.ratio_below ?? []) {
      near('P(ratio below)', probabilityOfRatioBelow(control, treatment, Number(ratio)), below ?? '', 1e-10);
      near(
        'P(ratio below), exchanged',
        probabilityOfRatioBelow(treatment, control, 1 / Number(ratio)),
        above ?? '',
        1e-10,
      );
    }
    for (const [d, below, above] of ref.difference_below ?? []) {
      near('P(difference below)', probabilityOfDifferenceBelow(control, treatment, Number(d)), below ?? '', 1e-10);
      near(
        'P(difference below), exchanged',
        probabilityOfDifferenceBelow(treatment, control, -Number(d)),
        above ?? '',
        1e-10,
      );
    }
    const relative = relativeLoss(control, treatment);
    const [ofControl, ofTreatment] = ref.rel_loss ?? [];
    near('relative loss', relative.choosingTreatment, ofTreatment ?? '', 1e-10);
    if (ofControl === null) expect(relative.choosingControl).toBeNull();
    else near('relative loss', relative.choosingControl, ofControl ?? '', 1e-10);
    coherent([control, treatment]);
  });

  it.each(furtherMany)('matches our own further references for several variants: $id', ({ data, prior, ref }) => {
    const posteriors = betasOf(data, prior);
    const { best, second, beatsControl, expectedLoss } = compareRates(posteriors);
    for (const i of posteriors.keys()) {
      near('P(best), several variants', best[i], ref.best?.[i] ?? '', 1e-10);
      near('P(second)', second[i], ref.second?.[i] ?? '', 1e-10);
      near('expected loss, several variants', expectedLoss[i], ref.loss?.[i] ?? '', 1e-10);
      if (i > 0) near('P(beats control)', beatsControl[i], ref.beats_control?.[i] ?? '', 1e-10);
    }
    coherent(posteriors);
  });

  it.each(further.distribution)('matches the distribution of Beta($alpha, $beta) at $x', (point) => {
    const belief = { alpha: point.alpha, beta: point.beta };
    near('beta cdf', betaCdf(belief, point.x), point.below, 1e-10);
    near('beta survival', betaSurvival(belief, point.x), point.above, 1e-10);
  });

  it.each(further.quantiles)('matches the quantiles of Beta($alpha, $beta)', ({ alpha, beta, low, high_failure }) => {
    for (const [p, x] of low) near('beta quantile', betaQuantile({ alpha, beta }, Number(p)), x ?? '', 1e-10);
    for (const [p, x] of high_failure)
      near('beta quantile', betaQuantile({ alpha: beta, beta: alpha }, Number(p)), x ?? '', 1e-10);
  });

  it.each(auxiliary.sceptical_prior.cases)('matches the sceptical comparison $id at scale $tau', (expected) => {
    const [control, treatment] = expected.data.map((arm) => posterior(arm.conversions, arm.visitors)) as [Beta, Beta];
    const actual = compareSceptically(control, treatment, expected.tau);
    near('sceptical P(beats control)', actual.beatsControl, expected.p_b_gt_a, 1e-10);
    near('sceptical loss', actual.lossOfControl, expected.loss_choose_a, 1e-10);
    near('sceptical loss', actual.lossOfTreatment, expected.loss_choose_b, 1e-10);
    near('sceptical mean rate', actual.meanControl, expected.mean_a, 1e-10);
    near('sceptical mean rate', actual.meanTreatment, expected.mean_b, 1e-10);
    near('sceptical mean log-odds', actual.meanLogOdds, expected.mean_delta_logodds, 1e-10, expected.tau);
  });
});

function betasOf(data: readonly number[][], [alpha, beta]: readonly string[]): Beta[] {
  const prior = { alpha: Number(alpha), beta: Number(beta) };
  return data.map(([successes, trials]) => posterior(successes ?? Number.NaN, trials ?? Number.NaN, prior));
}
