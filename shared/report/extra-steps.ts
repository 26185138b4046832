import type { Variant } from '../experiment/definition.ts';
import type { Policy } from '../experiment/policy.ts';
import type { Sequence } from '../experiment/sequence.ts';
import type { Beta } from '../statistics/beta.ts';
import { compareRates } from '../statistics/comparison.ts';
import { decideAtEnd } from '../statistics/decision-rule.ts';
import { evidenceThreshold, scoreEvidence } from '../statistics/evidence.ts';
import { type ExtraStep, judgeExtraStep } from '../statistics/extra-step.ts';
import { type LadderPosterior, ladderPosterior } from '../statistics/ladder.ts';
import type { Cohort, VariantCounts } from '../tally/counts.ts';
import { pursesOf } from '../verdict/purses.ts';
import { standardisedPosteriors } from '../verdict/standardised.ts';
import { type Standing, strata } from '../verdict/standing.ts';
import { observedLadder } from './observed-ladder.ts';

/** Two ladders of which one is the other with more asks: do those earn their place? */
export type ExtraSteps = ExtraStep & {
  readonly shorter: string;
  readonly longer: string;
  readonly steps: readonly { readonly step: string; readonly name: string }[];
  /** Half-width of "no practical difference". */
  readonly delta: number;
};

type Input = {
  readonly variants: readonly Variant[];
  readonly sequence: Sequence;
  readonly policy: Policy;
  readonly counts: readonly VariantCounts[];
  readonly cohorts: readonly Cohort[];
  readonly standings: readonly Standing[];
  /** The cohorts of the planned end, once it is reached. */
  readonly planned: readonly Cohort[] | undefined;
  /** Whether any difference may be read: `isReadable`. Before that, nothing is said of a step, however clear it looks. */
  readonly readable: boolean;
};

/** Every pair of which the shorter's steps are those of the longer with some left out, and nothing lies between the two. */
export function extraStepsOf(input: Input): ExtraSteps[] {
  const pairs = input.variants.flatMap((shorter) =>
    input.variants.filter((longer) => leftOut(shorter, longer) !== undefined).map((longer) => ({ shorter, longer })),
  );
  return pairs
    .filter(
      ({ shorter, longer }) =>
        !input.variants.some(
          (middle) => leftOut(shorter, middle) !== undefined && leftOut(middle, longer) !== undefined,
        ),
    )
    .map(({ shorter, longer }) => judged(shorter, longer, input));
}

function judged(
  shorter: Variant,
  longer: Variant,
  { variants, sequence, policy, counts, cohorts, standings, planned, readable }: Input,
): ExtraSteps {
  const extra = leftOut(shorter, longer) ?? [];
  const countsOf = (id: string) => counts.find(({ variant }) => variant === id)?.furthest ?? [];
  const ladder = (id: string) => observedLadder(sequence.ladders[id] ?? [], countsOf(id));
  const long = ladder(longer.id);
  // Where weights changed, the goal rates that decide are the standardised ones.
  const goal = (id: string) => standings.find(({ variant }) => variant === id)?.posterior;
  const [only] = extra;
  const counted = extra.length === 1 && only?.observed === true;
  const evidence = scoreEvidence(strata(cohorts, shorter.id, longer.id), Math.log1p(policy.effect));
  // The same two purses as the verdict's: evidence on any day, or the one look at the planned end.
  const early = evidence.logEvidence >= Math.log(evidenceThreshold(pursesOf(policy).alphaEarly, variants.length));
  const judgement = judgeExtraStep({
    shorter: withGoal(ladder(shorter.id).belief, goal(shorter.id)),
    longer: withGoal(counted ? long.belief : goalOnly(countsOf(longer.id)), goal(longer.id)),
    rung: counted ? long.steps.indexOf(only?.id ?? '') + 1 : 1,
    counted,
    delta: policy.equivalence,
    gate: early || (planned !== undefined && isClearAtEnd(planned, shorter.id, longer.id, variants.length, policy)),
  });
  return {
    ...judgement,
    verdict: readable ? judgement.verdict : 'keep-running',
    shorter: shorter.id,
    longer: longer.id,
    steps: extra.map(({ id, name }) => ({ step: id, name })),
    delta: policy.equivalence,
  };
}

function isClearAtEnd(
  planned: readonly Cohort[],
  shorter: string,
  longer: string,
  variants: number,
  policy: Policy,
): boolean {
  const beats = compareRates(standardisedPosteriors(planned, [shorter, longer]), 0).beatsControl[1] ?? 0.5;
  return decideAtEnd({ beats, claims: variants - 1, alphaEnd: pursesOf(policy).alphaEnd }) !== 'undecided';
}

const withGoal = (ladder: LadderPosterior, goal: Beta | undefined): LadderPosterior =>
  goal ? { ...ladder, goal } : ladder;

/** The goal rate is the same whatever is said of the rungs below it; here nothing is. */
function goalOnly(furthest: readonly number[]) {
  const goals = furthest.at(-1) ?? 0;
  return ladderPosterior([furthest.reduce((sum, count) => sum + count, 0) - goals, 0, goals]);
}

/** The steps of the longer that the shorter leaves out, when that is all the difference there is. */
function leftOut(shorter: Variant, longer: Variant): Variant['steps'] | undefined {
  if (shorter.steps.length >= longer.steps.length) return undefined;
  let next = 0;
  const extra = longer.steps.filter(({ id }) => {
    if (id !== shorter.steps[next]?.id) return true;
    next += 1;
    return false;
  });
  return next === shorter.steps.length ? extra : undefined;
}
