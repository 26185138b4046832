import { type Assignment, assign } from '../assignment/assign.ts';
import type { Reason } from '../contracts/ofrep.ts';
import type { Definition } from '../experiment/definition.ts';
import { currentEpoch, currentSequence, type Experiment } from '../experiment/experiment.ts';
import type { PackedExperiment } from '../experiment/packed.ts';
import { DAY_MS } from '../experiment/time.ts';
import { signToken, type TokenSecret } from '../token/token.ts';
import { assignVisitor, type Visit } from './assign-visitor.ts';
import type { Deps as AllDeps } from './deps.ts';
import type { HeldExperiment } from './held-experiments.ts';

type Deps = Pick<AllDeps, 'journeys' | 'clock' | 'heldMerges'>;

/** What a visitor gets of an experiment, and what a flag of it may say. Without a variant, the caller's own default holds. */
export type FlagState = {
  readonly experiment: Experiment;
  readonly reason: Reason;
  readonly variant?: Definition['variants'][number];
  readonly variantIndex?: number;
  /** Why, in the words of the platform. */
  readonly assignment: Assignment['reason'] | Experiment['status'];
  /** Sent back as an event of type exposure, it counts the visitor in. */
  readonly exposureToken?: string;
  readonly exposed: boolean;
};

/**
 * Evaluates one experiment for one visitor. Counts nobody in unless told to: clients evaluate all flags at once, and most
 * of those are never shown.
 */
export async function evaluateFlag(
  deps: Deps,
  { experiment, packed }: HeldExperiment,
  visit: Visit,
  secret: TokenSecret,
  expose = false,
): Promise<FlagState> {
  const { status, definition } = experiment;
  if (packed === undefined || status === 'draft' || status === 'paused')
    return { experiment, reason: 'DISABLED', assignment: status, exposed: false };
  if (packed.kind === 'fixed')
    return { ...of(experiment, packed.serve), reason: 'STATIC', assignment: status, exposed: false };

  const assignment = expose
    ? (await assignVisitor(deps, { experiment, packed }, visit)).assignment
    : await lookUp(deps, experiment, packed, visit);
  const counts = assignment.kind === 'assigned' && assignment.reason !== 'forced';
  const variant = definition.variants[assignment.variant]?.id ?? definition.control;
  const statement = { kind: 'exposure', experiment: experiment.id, visitor: visit.visitor, variant } as const;
  return {
    ...of(experiment, assignment.variant),
    reason: REASON_OF[assignment.reason] ?? 'UNKNOWN',
    assignment: assignment.reason,
    ...(counts && {
      exposureToken: signToken({ ...statement, issuedAt: issueDate(experiment, deps.clock()) }, secret),
    }),
    exposed: expose && counts,
  };
}

/** Whoever is passed by gets the control, which none of the protocol's reasons describes. */
const REASON_OF: Partial<Record<Assignment['reason'], Reason>> = {
  split: 'SPLIT',
  sticky: 'TARGETING_MATCH',
  forced: 'TARGETING_MATCH',
};

const of = (experiment: Experiment, index: number) => {
  const variant = experiment.definition.variants[index];
  return { experiment, ...(variant && { variant, variantIndex: index }) };
};

/**
 * The assignment, without counting anyone in. What the store knows outranks the weights of now: those who joined keep what they
 * have seen, and those who became known have what they saw under another id. It is asked only where it may know better: not for a
 * visitor of the split of an experiment whose slices never moved and in which nobody became known. While it makes no difference
 * the answer stays the very same, so that no cache is told of a change that is none.
 */
async function lookUp(
  { journeys, clock, heldMerges }: Deps,
  experiment: Experiment,
  packed: PackedExperiment,
  { visitor, attributes }: Visit,
): Promise<Assignment> {
  const assignment = assign(packed, visitor, attributes, clock());
  if (assignment.reason === 'forced') return assignment;
  if (assignment.reason === 'split' && neverMoved(experiment) && !(await heldMerges(packed.id))) return assignment;
  const journey = await journeys.find(packed.id, visitor);
  if (journey === undefined) return assignment;
  const index = packed.variants.findIndex(({ id }) => id === journey.variant);
  if (assignment.reason === 'split' && assignment.variant === index && neverMoved(experiment)) return assignment;
  return { kind: 'assigned', variant: index < 0 ? packed.control : index, reason: 'sticky' };
}

/** One weight epoch, and the variants still in the order of its beginning: slices lie in that order. */
const neverMoved = ({ epochs, definition }: Experiment): boolean =>
  epochs.length === 1 && Object.keys(epochs[0].weights).join() === definition.variants.map(({ id }) => id).join();

/**
 * The date on a token. The day, not the moment: an answer that has not changed must be the same answer, or no cache would
 * ever be told so. But not before the ladder and the weights it speaks of; those begin within a second, a token's dates with one.
 */
function issueDate(experiment: Experiment, now: number): number {
  const since = Math.max(currentSequence(experiment).since, currentEpoch(experiment).since);
  return Math.max(now - (now % DAY_MS), Math.ceil(since / 1000) * 1000);
}
