import type { Policy } from '../experiment/policy.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { decideAtEnd, decideEarly } from '../statistics/decision-rule.ts';
import { evidenceThreshold } from '../statistics/evidence.ts';
import { probabilityRatioWithin } from '../statistics/uplift.ts';
import type { Cohort } from '../tally/counts.ts';
import { type Lead, leaderOf, leadOf, leastAhead } from './lead.ts';
import { pursesOf } from './purses.ts';
import { reason } from './reason.ts';
import { scepticalReason } from './scepticism.ts';
import { undecidedSentence, winnerSentence } from './sentences.ts';
import type { Standing } from './standing.ts';
import type { Reason, Verdict } from './verdict.ts';
import { chance, odds, percent, plural } from './words.ts';

export type Question = {
  readonly sequence: Sequence;
  readonly policy: Policy;
  readonly names: Readonly<Record<string, string>>;
};

export type Decision = { readonly verdict: Omit<Verdict, 'reasons'>; readonly reasons: readonly Reason[] };

/** The standings over some cohorts. */
export type Look = { readonly cohorts: readonly Cohort[]; readonly standings: readonly Standing[] };

/** Winner, equivalent or keep running: from the standings now and, once it is reached, at the planned end. */
export function decide(now: Look, planned: Look | undefined, input: Question): Decision {
  const { policy } = input;
  const { alphaEarly } = pursesOf(policy);
  // At the planned end its own look may decide, on its own days; what comes later cannot undo it.
  const end = planned && endWinner(planned.standings, policy);
  const { standings, cohorts } = planned && end ? planned : now;
  const lead = leadOf(standings, cohorts, Math.log1p(policy.effect));
  const { leader } = lead;
  const evidence = lead.evidence.logEvidence;
  const early = decideEarly({
    logEvidence: evidence,
    best: leader.best,
    variants: standings.length,
    alphaEarly,
    bestAtLeast: policy.probability,
  });
  const name = input.names[leader.variant] ?? leader.variant;
  const reasons: Reason[] = [
    reason(
      'probability',
      leader.best >= policy.probability,
      leader.best,
      policy.probability,
      `${name} is the best with probability ${chance(leader.best)}; the policy asks for ${percent(policy.probability)}`,
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
      `the evidence${rivalText(lead, input)}, which may be read every day, is ${odds(evidence)}; before or after the planned end the policy asks for ${evidenceThreshold(alphaEarly, standings.length).toFixed(0)} to 1`,
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
    ...scepticalReason(leader, standings, policy, input.names),
  ];
  const clear = end !== undefined || early;
  if (clear && leader.best >= policy.probability && leader.relativeLoss <= policy.expectedLoss)
    return {
      verdict: {
        kind: 'winner',
        variant: leader.variant,
        sentence: winnerSentence(leader, standings, name, input.names),
      },
      reasons,
    };

  const equivalent = planned && equivalents(now.standings, policy);
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
    verdict: {
      kind: 'keep-running',
      sentence: undecidedSentence(leader, now.standings, {
        afterPlan: planned !== undefined,
        names: input.names,
        better: clearlyBetter(now.standings, planned?.standings, policy),
      }),
    },
    reasons,
  };
}

/** With more than two variants: whom the evidence tells the leader apart from least. */
const rivalText = ({ leader, rival }: Lead, { names, sequence }: Question): string => {
  const nameOf = ({ variant }: Standing) => names[variant] ?? variant;
  return Object.keys(sequence.ladders).length > 2
    ? ` of ${nameOf(leader)} against ${nameOf(rival)}, from which it is least clear`
    : '';
};

/** Whom the one look at the planned end names, if anyone: it must be clear of every other variant. */
function endWinner(planned: readonly Standing[], policy: Policy): Standing | undefined {
  const leader = leaderOf(planned);
  const says = decideAtEnd({
    beats: leastAhead(leader, planned),
    alphaEnd: pursesOf(policy).alphaEnd,
  });
  return says === 'ahead' ? leader : undefined;
}

/** The treatments that are told apart from the control, by evidence or at the planned end, and do better. */
function clearlyBetter(
  now: readonly Standing[],
  planned: readonly Standing[] | undefined,
  policy: Policy,
): readonly Standing[] {
  const variants = now.length;
  const { alphaEarly, alphaEnd } = pursesOf(policy);
  const bound = Math.log(evidenceThreshold(alphaEarly, variants));
  return now.filter(({ variant, beatsControl, evidence }) => {
    const end = planned?.find((each) => each.variant === variant)?.beatsControl;
    const atEnd = typeof end === 'number' && decideAtEnd({ beats: end, claims: variants - 1, alphaEnd }) === 'ahead';
    const early = evidence !== undefined && evidence.logEvidence >= bound && (evidence.logOddsRatio ?? 0) > 0;
    return (atEnd || early) && (beatsControl ?? 0) >= policy.probability;
  });
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
