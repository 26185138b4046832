import {
  SAMPLE_RATIO_ALARM,
  SAMPLE_RATIO_EVIDENCE,
  sampleRatio,
  sequentialSampleRatio,
} from '../statistics/sample-ratio.ts';
import type { Reason } from './verdict.ts';
import { odds } from './words.ts';

/** Who was assigned, who was sent on, and who of those arrived, under one set of weights; variants in one order throughout. */
export type RatioCheck = {
  readonly weights: readonly number[];
  readonly assigned: readonly number[];
  readonly redirected: readonly number[];
  readonly arrived: readonly number[];
};

/**
 * Did visitors come in the proportions asked for? On those assigned, a mismatch makes the whole experiment invalid. On those
 * who arrived it is a redirect that loses people: the denominators still stand, so it is told and does not invalidate.
 *
 * The alarm is the sequential form, which may be read every day; the familiar p-value is shown beside it.
 */
export function sampleRatioReasons(ratios: readonly RatioCheck[]): Reason[] {
  const reasons = [
    check(
      'sample-ratio',
      'visitors were assigned',
      ratios.map(({ weights, assigned }) => ({ weights, observed: assigned })),
    ),
  ];
  const sentOn = ratios.filter(({ redirected }) => redirected.some((count) => count > 0));
  if (sentOn.some(({ arrived }) => arrived.some((count) => count > 0)))
    // Arrival is judged against those sent on, not against the weights: a mismatch of assignment has its own line.
    reasons.push(
      check(
        'redirect-loss',
        'visitors arrived',
        sentOn.map(({ redirected, arrived }) => ({ weights: redirected, observed: rarer(redirected, arrived) })),
      ),
    );
  return reasons;
}

/** Those who arrived or those who did not, whichever are fewer: only rare events scatter as widely as the test expects. */
function rarer(redirected: readonly number[], arrived: readonly number[]): readonly number[] {
  const lost = redirected.map((count, i) => count - (arrived[i] ?? 0));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return sum(lost) < sum(arrived) ? lost : arrived;
}

type Stratum = { readonly weights: readonly number[]; readonly observed: readonly number[] };

function check(name: 'sample-ratio' | 'redirect-loss', what: string, strata: readonly Stratum[]): Reason {
  const counted = strata.filter(({ observed }) => observed.some((count) => count > 0));
  const { logEvidence } = sequentialSampleRatio(counted);
  const failed = logEvidence >= Math.log(SAMPLE_RATIO_EVIDENCE);
  // One p-value for one set of weights; over several epochs the smallest, as the cautious reading.
  const tests = counted.map(({ observed, weights }) => sampleRatio(observed, weights));
  const pValues = tests.flatMap((test) => (test.kind === 'tested' ? [test.pValue] : []));
  const pValue = pValues.length > 0 ? Math.min(...pValues) : undefined;
  const p =
    pValue === undefined
      ? ''
      : ` (p ${pValue < 1e-4 ? 'under 0.0001' : `= ${pValue < 0.01 ? pValue.toPrecision(1) : pValue.toFixed(2)}`})`;
  if (failed)
    return {
      check: name,
      outcome: 'failed',
      text: `${what} in other proportions than the weights ask for, ${odds(logEvidence)}${p}; find the cause before reading anything else`,
      ...(pValue !== undefined && { value: pValue }),
    };
  const doubtful = pValue !== undefined && pValue < SAMPLE_RATIO_ALARM;
  return {
    check: name,
    outcome: doubtful ? 'noted' : 'passed',
    text: doubtful
      ? `${what} in proportions that would be rare by chance${p}, though not beyond what daily reading allows; keep an eye on it`
      : `${what} in the proportions that were asked for${p}`,
    ...(pValue !== undefined && { value: pValue }),
  };
}
