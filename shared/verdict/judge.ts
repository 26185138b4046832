import type { Policy } from '../experiment/policy.ts';
import type { Sequence } from '../experiment/sequence.ts';
import type { Cohort } from '../tally/counts.ts';
import type { Entries } from '../tally/entries.ts';
import { decide } from './decide.ts';
import { type DecisionDays, decisionDays } from './decision-days.ts';
import { entryBurstReasons } from './entry-burst.ts';
import { guardrailReasons, stoppedSentence } from './guardrail.ts';
import type { GuardrailStanding } from './guardrail-standing.ts';
import { identityReasons } from './identity.ts';
import { reason } from './reason.ts';
import { type RatioCheck, sampleRatioReasons } from './sample-ratio-check.ts';
import { type Standing, standingsOf } from './standing.ts';
import type { Reason, Verdict } from './verdict.ts';
import { people, plural } from './words.ts';

/** What a verdict is made from. Counts are of human visitors; `cohorts` of mature ones, oldest first. */
export type Case = {
  readonly sequence: Sequence;
  readonly policy: Policy;
  readonly names: Readonly<Record<string, string>>;
  readonly cohorts: readonly Cohort[];
  /** Everyone assigned so far, mature or not, by weight epoch: what the sample ratio is checked on. */
  readonly ratios: readonly RatioCheck[];
  /** Lines no variant may cross, as they stand among everyone so far. */
  readonly guardrails?: readonly GuardrailStanding[];
  /** Who entered by day, of mature human visitors. */
  readonly entries?: readonly Entries[];
  /** Of the human visitors assigned so far, those who had seen another variant before they were known. */
  readonly conflicts?: { readonly visitors: number; readonly conflicting: number };
};

export type Judgement = {
  readonly verdict: Verdict;
  readonly standings: readonly Standing[];
  readonly days: DecisionDays;
};

/**
 * Says what to do, and why. Decides on goal rates per visitor assigned and on nothing else: rates from step to step compare
 * people who chose to be there.
 *
 * A winner needs all of: a clean sample ratio, the minimum of days and goals, P(best), a small expected loss, and
 * either enough evidence (which may be read every day) or the probability the planned end asks for. A guardrail that is crossed
 * comes before all that: it needs no minimum of days, because its evidence may be read every day and harm does not wait.
 */
export function judge(input: Case): Judgement {
  const { sequence, policy } = input;
  const days = decisionDays(input.cohorts, policy);
  const standings = standingsOf(days.cohorts, sequence, policy.effect);
  const ratio = sampleRatioReasons(input.ratios);
  const data = enoughData(standings, days, policy, input.names);
  const planned = days.planned && standingsOf(days.planned, sequence, policy.effect);
  // Where one variant has nobody, its belief is the prior, and a comparison with that is no finding.
  const decision = standings.every(({ visitors }) => visitors > 0)
    ? decide(
        { cohorts: days.cohorts, standings },
        days.planned && planned && { cohorts: days.planned, standings: planned },
        input,
      )
    : undefined;
  const guardrails = input.guardrails ?? [];
  const reasons = [
    ...ratio,
    ...guardrailReasons(guardrails, input.names),
    ...identityReasons(input.conflicts),
    ...entryBurstReasons(input.entries ?? []),
    ...data,
    ...(decision?.reasons ?? []),
  ];
  return { verdict: { ...conclusion(), reasons }, standings, days };

  function conclusion(): Omit<Verdict, 'reasons'> {
    const broken = ratio.find(({ outcome, check }) => outcome === 'failed' && check === 'sample-ratio');
    if (broken) return { kind: 'invalid', sentence: `The numbers cannot be trusted: ${broken.text}` };
    const crossed = guardrails.filter(({ outcome }) => outcome === 'crossed');
    if (crossed.length > 0)
      return {
        kind: 'stopped-by-guardrail',
        sentence: stoppedSentence(crossed, input.names),
        crossed: crossed.map(({ metric, variant }) => ({ metric, variant })),
      };
    const missing = data.filter(({ outcome }) => outcome === 'failed');
    if (missing.length > 0 || decision === undefined)
      return { kind: 'collecting', sentence: `Still collecting: ${missing.map(({ text }) => text).join('; ')}.` };
    return decision.verdict;
  }
}

function enoughData(
  standings: readonly Standing[],
  { days, waiting }: DecisionDays,
  policy: Policy,
  names: Case['names'],
): Reason[] {
  const fewest = standings.reduce((least, each) => (each.goals < least.goals ? each : least));
  const name = names[fewest.variant] ?? fewest.variant;
  const due = goalsDue(fewest, standings);
  const lost = due >= 2 * policy.minimumGoals && fewest.goals < LOST * due;
  return [
    reason(
      'minimum-days',
      days >= policy.minimumDays,
      days,
      policy.minimumDays,
      `${plural(days, 'day')} of visitors have had their whole window; the policy asks for ${policy.minimumDays}`,
    ),
    reason(
      'minimum-goals',
      fewest.goals >= policy.minimumGoals || lost,
      fewest.goals,
      policy.minimumGoals,
      `${name} has ${plural(fewest.goals, 'goal')}, the fewest; the policy asks for ${policy.minimumGoals} in every variant${
        lost
          ? `, and at the rate of all variants together it would have ${people(Math.floor(due))}: so few are a finding, if its goal is told of at all`
          : ''
      }`,
    ),
    ...(waiting > 0
      ? [
          {
            check: 'whole-weeks',
            outcome: 'noted',
            text: `${plural(waiting, 'mature day')} wait for their week to be whole`,
          } as const,
        ]
      : []),
  ];
}

/** A variant with so small a part of the goals it is due is not short of visitors: it loses them. From twice the minimum on chance does not do that. */
const LOST = 0.25;

/**
 * The goals a variant would have if it did as well as all together. How far normal theory is to be trusted depends on these, not on
 * those it has: a variant that loses nearly everybody would otherwise be collected for ever.
 */
function goalsDue({ visitors }: Standing, standings: readonly Standing[]): number {
  const everybody = standings.reduce((sum, each) => sum + each.visitors, 0);
  return everybody === 0 ? 0 : (visitors * standings.reduce((sum, { goals }) => sum + goals, 0)) / everybody;
}
