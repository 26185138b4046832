import type { Policy } from '../experiment/policy.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { decideAtEnd, decideEarly } from '../statistics/decision-rule.ts';
import { probabilityRatioWithin } from '../statistics/uplift.ts';
import type { Cohort } from '../tally/counts.ts';
import { type DecisionDays, decisionDays } from './decision-days.ts';
import { type RatioCheck, sampleRatioReasons } from './sample-ratio-check.ts';
import { scepticalReason } from './scepticism.ts';
import { type Standing, standingsOf } from './standing.ts';
import type { Reason, Verdict } from './verdict.ts';
import { odds, percent, plural } from './words.ts';

/** What a verdict is made from. Counts are of human visitors; `cohorts` of mature ones, oldest first. */
export type Case = {
  readonly sequence: Sequence;
  readonly policy: Policy;
  readonly names: Readonly<Record<string, string>>;
  readonly cohorts: readonly Cohort[];
  /** Everyone assigned so far, mature or not, by weight epoch: what the sample ratio is checked on. */
  readonly ratios: readonly RatioCheck[];
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
 * either enough evidence (which may be read every day) or the probability the planned end asks for.
 */
export function judge(input: Case): Judgement {
  const { sequence, policy } = input;
  const days = decisionDays(input.cohorts, policy);
  const standings = standingsOf(days.cohorts, sequence, policy.effect);
  const ratio = sampleRatioReasons(input.ratios);
  const data = enoughData(standings, days, policy, input.names);
  const planned = days.planned && standingsOf(days.planned, sequence, policy.effect);
  const decision = decide(standings, planned, input);
  const reasons = [...ratio, ...data, ...decision.reasons];
  return { verdict: { ...conclusion(), reasons }, standings, days };

  function conclusion(): Omit<Verdict, 'reasons'> {
    const broken = ratio.find(({ outcome, check }) => outcome === 'failed' && check === 'sample-ratio');
    if (broken) return { kind: 'invalid', sentence: `The numbers cannot be trusted: ${broken.text}` };
    const missing = data.filter(({ outcome }) => outcome === 'failed');
    if (missing.length > 0)
      return { kind: 'collecting', sentence: `Still collecting: ${missing.map(({ text }) => text).join('; ')}.` };
    return decision.verdict;
  }
}

type Decision = { readonly verdict: Omit<Verdict, 'reasons'>; readonly reasons: readonly Reason[] };

function decide(now: readonly Standing[], planned: readonly Standing[] | undefined, input: Case): Decision {
  const { policy } = input;
  // At the planned end its own look may decide, on its own days; what comes later cannot undo it.
  const end = planned && endWinner(planned, policy);
  const standings = planned && end ? planned : now;
  const leader = end ?? leaderOf(standings);
  const evidence = evidenceFor(leader, standings);
  const early = decideEarly({
    logEvidence: evidence,
    best: leader.best,
    variants: standings.length,
    alphaEarly: policy.falseWinnerRate / 5,
    bestAtLeast: policy.probability,
  });
  const name = input.names[leader.variant] ?? leader.variant;
  const reasons: Reason[] = [
    reason(
      'probability',
      leader.best >= policy.probability,
      leader.best,
      policy.probability,
      `${name} is the best with probability ${percent(leader.best)}; the policy asks for ${percent(policy.probability)}`,
    ),
    reason(
      'expected-loss',
      leader.relativeLoss <= policy.expectedLoss,
      leader.relativeLoss,
      policy.expectedLoss,
      `${name} has an expected loss of ${percent(leader.relativeLoss)} of the control's goal rate; the policy allows ${percent(policy.expectedLoss)}`,
    ),
    reason(
      'evidence',
      early,
      evidence,
      undefined,
      `the evidence, which may be read every day, is ${odds(evidence)}; before or after the planned end the policy asks for ${((standings.length - 1) / (policy.falseWinnerRate / 5)).toFixed(0)} to 1`,
    ),
    {
      check: 'planned-end',
      outcome: planned ? (end ? 'passed' : 'failed') : 'noted',
      text: planned
        ? end
          ? `at the planned end, after ${plural(policy.plannedDays, 'day')}, the difference was clear enough to decide`
          : `at the planned end, after ${plural(policy.plannedDays, 'day')}, the difference was not clear enough to decide`
        : `the planned end is after ${plural(policy.plannedDays, 'mature day')}`,
    },
    ...scepticalReason(leader, standings, policy, name),
  ];
  const clear = end !== undefined || early;
  if (clear && leader.best >= policy.probability && leader.relativeLoss <= policy.expectedLoss)
    return {
      verdict: { kind: 'winner', variant: leader.variant, sentence: winnerSentence(leader, standings, name, input) },
      reasons,
    };

  const equivalent = planned && equivalents(now, policy);
  if (equivalent) {
    const shortest = shorter(equivalent, input.sequence);
    const shortName = input.names[shortest.variant] ?? shortest.variant;
    const text = `all contenders lie within ${percent(policy.equivalence)} of each other with probability ${percent(policy.probability)} or more`;
    return {
      verdict: {
        kind: 'equivalent',
        variant: shortest.variant,
        sentence: `It makes no practical difference, so take the shortest ladder, ${shortName}: ${text}.`,
      },
      reasons: [...reasons, { check: 'equivalence', outcome: 'passed', text }],
    };
  }
  return {
    verdict: { kind: 'keep-running', sentence: undecidedSentence(leader, standings, planned !== undefined, input) },
    reasons,
  };
}

const leaderOf = (standings: readonly Standing[]): Standing =>
  standings.reduce((leader, each) => (each.best > leader.best ? each : leader));

/** The leader's evidence against the control; for the control itself, the weakest it has against any treatment. */
function evidenceFor(leader: Standing, standings: readonly Standing[]): number {
  if (leader.evidence) return leader.evidence.logEvidence;
  return Math.min(...standings.flatMap(({ evidence }) => (evidence ? [evidence.logEvidence] : [])));
}

/** Whom the one look at the planned end names, if anyone. */
function endWinner(planned: readonly Standing[], policy: Policy): Standing | undefined {
  const leader = leaderOf(planned);
  const says = (standing: Standing) =>
    decideAtEnd({
      beatsControl: standing.beatsControl ?? 0,
      variants: planned.length,
      alphaEnd: (policy.falseWinnerRate * 4) / 5,
    });
  if (!leader.control) return says(leader) === 'treatment' ? leader : undefined;
  return planned.every((standing) => standing.control || says(standing) === 'control') ? leader : undefined;
}

/** The variants that may still be the best, when each is practically the leader; nothing otherwise. */
function equivalents(standings: readonly Standing[], policy: Policy): readonly Standing[] | undefined {
  const leader = leaderOf(standings);
  const contenders = standings.filter(({ best }) => best >= 1 - policy.probability);
  const alike = contenders.every(
    (each) =>
      each === leader ||
      probabilityRatioWithin(leader.posterior, each.posterior, 1 - policy.equivalence, 1 + policy.equivalence) >=
        policy.probability,
  );
  return alike && contenders.length > 1 ? contenders : undefined;
}

/** The fewest steps; of equally short ladders the control, which costs nobody a change. */
function shorter(standings: readonly Standing[], sequence: Sequence): Standing {
  const steps = ({ variant }: Standing) => sequence.ladders[variant]?.length ?? 0;
  return standings.reduce((best, each) =>
    steps(each) < steps(best) || (steps(each) === steps(best) && each.control) ? each : best,
  );
}

function enoughData(
  standings: readonly Standing[],
  { days, waiting }: DecisionDays,
  policy: Policy,
  names: Case['names'],
): Reason[] {
  const fewest = standings.reduce((least, each) => (each.goals < least.goals ? each : least));
  const name = names[fewest.variant] ?? fewest.variant;
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
      fewest.goals >= policy.minimumGoals,
      fewest.goals,
      policy.minimumGoals,
      `${name} has ${plural(fewest.goals, 'goal')}, the fewest; the policy asks for ${policy.minimumGoals} in every variant`,
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

const reason = (
  check: Reason['check'],
  passed: boolean,
  value: number,
  needed: number | undefined,
  text: string,
): Reason => ({
  check,
  outcome: passed ? 'passed' : 'failed',
  text,
  ...(Number.isFinite(value) && { value }),
  ...(needed !== undefined && { needed }),
});

function winnerSentence(leader: Standing, standings: readonly Standing[], name: string, { names }: Case): string {
  const rate = percent(leader.rate.mean);
  if (leader.control) {
    const others = standings
      .filter(({ control }) => !control)
      .map(({ variant, rate: other }) => `${names[variant] ?? variant} ${percent(other.mean)}`);
    return `Keep ${name}: it brings ${rate} of its visitors to the goal, ${others.join(', ')}.`;
  }
  const gain = leader.uplift;
  const range = gain
    ? ` (${signed(gain.median)}, 95 % interval ${signed(gain.interval.low)} to ${signed(gain.interval.high)})`
    : '';
  return `${name} wins: it brings ${rate} of its visitors to the goal${range}.`;
}

function undecidedSentence(
  leader: Standing,
  standings: readonly Standing[],
  afterPlan: boolean,
  { names }: Case,
): string {
  const rates = standings.map(({ variant, rate }) => `${names[variant] ?? variant} ${percent(rate.mean)}`).join(', ');
  const leading = `${names[leader.variant] ?? leader.variant} is ahead, and is the best with probability ${percent(leader.best)}`;
  return afterPlan
    ? `No clear difference at the goal (${rates}). ${leading}, which is not enough to call it.`
    : `No verdict yet (${rates}). ${leading}; keep running to the planned end.`;
}

const signed = (share: number): string => (share > 0 ? `+${percent(share)}` : percent(share));
