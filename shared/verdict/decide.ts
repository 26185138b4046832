import type { Policy } from '../experiment/policy.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { decideAtEnd, decideEarly } from '../statistics/decision-rule.ts';
import { probabilityRatioWithin } from '../statistics/uplift.ts';
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

/** Winner, equivalent or keep running: from the standings now and, once it is reached, at the planned end. */
export function decide(now: readonly Standing[], planned: readonly Standing[] | undefined, input: Question): Decision {
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
      verdict: {
        kind: 'winner',
        variant: leader.variant,
        sentence: winnerSentence(leader, standings, name, input.names),
      },
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
    verdict: {
      kind: 'keep-running',
      sentence: undecidedSentence(leader, standings, planned !== undefined, input.names),
    },
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
