import { compareRates } from '../statistics/comparison.ts';
import { type Evidence, scoreEvidence } from '../statistics/evidence.ts';
import type { Cohort } from '../tally/counts.ts';
import { type Standing, strata } from './standing.ts';

/** The variant most likely to be the best, against the rival from whom the evidence tells it apart least. */
export type Lead = {
  readonly leader: Standing;
  readonly rival: Standing;
  readonly evidence: Evidence;
};

export const leaderOf = (standings: readonly Standing[]): Standing =>
  standings.reduce((leader, each) => (each.best > leader.best ? each : leader));

/**
 * "The best" is a claim against every other variant, the control or not, so the weakest evidence against any of them is the
 * evidence there is; `decideEarly` says why that bounds every false winner.
 */
export function leadOf(standings: readonly Standing[], cohorts: readonly Cohort[], tau: number): Lead {
  const leader = leaderOf(standings);
  return rivalsOf(leader, standings)
    .map((rival) => ({
      leader,
      rival,
      evidence: scoreEvidence(strata(cohorts, rival.variant, leader.variant), tau),
    }))
    .reduce((weakest, each) => (each.evidence.logEvidence < weakest.evidence.logEvidence ? each : weakest));
}

/** The least of the probabilities that the leader is ahead of one rival. */
export const leastAhead = (leader: Standing, standings: readonly Standing[]): number =>
  Math.min(
    ...rivalsOf(leader, standings).map(
      (rival) => compareRates([rival.posterior, leader.posterior]).beatsControl[1] ?? 0,
    ),
  );

const rivalsOf = (leader: Standing, standings: readonly Standing[]) => standings.filter((each) => each !== leader);
