import { afterAll, describe, expect, it } from 'vitest';
import { topTwoAllocation } from '#shared/statistics/allocation.ts';
import { conditionalEvidence } from '#shared/statistics/conditional-evidence.ts';
import { probabilityOfHigherCount } from '#shared/statistics/counts.ts';
import { type Stratum, scoreEvidence } from '#shared/statistics/evidence.ts';
import { exactEvidence } from '#shared/statistics/exact-evidence.ts';
import { ladderPosterior } from '#shared/statistics/ladder.ts';
import { powerOf, visitorsPerVariant } from '#shared/statistics/planning.ts';
import { sampleRatio, sequentialSampleRatio } from '#shared/statistics/sample-ratio.ts';
import reference from '../fixtures/reference/statistics-aux.json' with { type: 'json' };
import { relativeError, worstErrors } from '../support/worst-error.ts';

/** An independent system computed these with 22 to 25 digits. */
const errors = worstErrors('Worst errors against statistics-aux.json');
afterAll(() => console.log(errors.table()));

function close(quantity: string, actual: number, text: string | number, allowed: number, error = relativeError) {
  const ok = errors.allows(quantity, error(actual, Number(text)), allowed);
  expect(ok, `${quantity}: ${actual} against ${text}`).toBe(true);
}
const absolute = (actual: number, expected: number) => actual - expected;

describe('the reference values', () => {
  it.each(reference.srm)('hold for the sample ratio of $observed at $weights', ({ observed, weights, ...expected }) => {
    const ratio = sampleRatio(observed, weights);
    expect(ratio).toMatchObject({ kind: 'tested', test: 'chi-squared' });
    close('sample ratio p-value', ratio.kind === 'tested' ? ratio.pValue : -1, expected.p_value, 1e-13);
    const { logEvidence } = sequentialSampleRatio([{ observed, weights }]);
    close('sequential sample ratio', logEvidence, expected.log_evalue_dirichlet100, 1e-12, absolute);
  });

  it.each(reference.guard_stratified_score)('hold for the score evidence of $days', ({ days, tau, ...expected }) => {
    const evidence = scoreEvidence(days.map(toStratum), Number(tau));
    close('score U', evidence.score, expected.U, 1e-13);
    close('information V', evidence.information, expected.V, 1e-13);
    close('score evidence', evidence.logEvidence, expected.log_e, 1e-12, absolute);
    close('score p-value', evidence.pValue, expected.p_always_valid_now, 1e-12);
    close('log-odds ratio', evidence.logOddsRatio ?? 9, expected.log_or_estimate, 1e-13);
    close('log-odds interval', evidence.interval?.low ?? 9, expected.log_or_cs95[0] ?? '', 1e-12, absolute);
    close('log-odds interval', evidence.interval?.high ?? 9, expected.log_or_cs95[1] ?? '', 1e-12, absolute);
  });

  it.each(reference.guard_exact_hypergeometric)('hold for the exact evidence of $days', ({ days, tau, log_e }) => {
    close('exact evidence', exactEvidence(days.map(toStratum), Number(tau)).logEvidence, log_e, 1e-12, absolute);
  });

  it.each(reference.conditional_eprocess)(
    'hold for the conditional evidence of $conversions_a to $conversions_b',
    (c) => {
      const { logEvidence, rateRatio } = conditionalEvidence(
        { control: c.conversions_a, treatment: c.conversions_b },
        { treatmentShare: Number(c.rho_b), concentration: c.concentration },
      );
      close('conditional evidence', logEvidence, c.log_e, 1e-12, absolute);
      if (c.cs95_rate_ratio === null) return expect(rateRatio).toBeNull();
      const [low = '', high = ''] = c.cs95_rate_ratio;
      close('rate ratio interval', rateRatio?.low ?? -1, low, 1e-12);
      if (high === 'inf') expect(rateRatio?.high).toBe(Infinity);
      else close('rate ratio interval', rateRatio?.high ?? -1, high, 1e-12);
    },
  );

  it.each(reference.sample_size)('hold for a plan from $p1 by $relative_lift with $arms variants', (c) => {
    const plan = {
      rate: Number(c.p1),
      relativeLift: Number(c.relative_lift),
      alpha: Number(c.alpha_two_sided),
      power: Number(c.power),
      variants: c.arms,
    };
    const visitors = visitorsPerVariant(plan);
    expect(visitors).toMatchObject({ kind: 'planned', perVariant: c.n_per_arm_unpooled_ceil });
    close('visitors per variant', visitors.kind === 'planned' ? visitors.unrounded : 0, c.n_per_arm_unpooled, 1e-12);
    close('power', powerOf(plan, c.n_per_arm_unpooled_ceil), c.two_sided_power_at_ceil_unpooled, 1e-12);
  });

  it.each(reference.gamma_poisson)('hold for the counts $gammaA against $gammaB', ({ gammaA, gammaB, p_b_gt_a }) => {
    const toGamma = ([shape, rate]: string[]) => ({ shape: Number(shape), rate: Number(rate) });
    close('higher count', probabilityOfHigherCount(toGamma(gammaA), toGamma(gammaB)), p_b_gt_a, 1e-12);
  });

  it.each(reference.bandit)('hold for the top-two allocation of $id', ({ p_best, ttts_beta_half }) => {
    const best = p_best.map(Number);
    const notBest = best.map((_, i) => best.reduce((sum, other, j) => (j === i ? sum : sum + other), 0));
    topTwoAllocation(best, notBest).forEach((share, i) => {
      close('top-two share', share, ttts_beta_half[i] ?? '', 1e-13);
    });
  });

  it('hold for the coherent posterior of a ladder with the length-fair prior', () => {
    const [fair] = reference.funnel_coherent;
    const reached = fair?.reached ?? [];
    const ladder = ladderPosterior(reached.map((count, i) => count - (reached[i + 1] ?? 0)));
    fair?.steps.forEach(({ pass_beta, reach_beta }, i) => {
      const rung = ladder.rungs[i];
      close('ladder counts', rung?.pass.alpha ?? 0, pass_beta[0] ?? '', 1e-15);
      close('ladder counts', rung?.pass.beta ?? 0, pass_beta[1] ?? '', 1e-15);
      close('ladder counts', rung?.reach.alpha ?? 0, reach_beta[0] ?? '', 1e-15);
      close('ladder counts', rung?.reach.beta ?? 0, reach_beta[1] ?? '', 1e-15);
    });
    expect(ladder.goal).toEqual({ alpha: 206, beta: 796 });
  });
});

function toStratum([
  controlTrials = 0,
  controlSuccesses = 0,
  treatmentTrials = 0,
  treatmentSuccesses = 0,
]: number[]): Stratum {
  return { controlTrials, controlSuccesses, treatmentTrials, treatmentSuccesses };
}
