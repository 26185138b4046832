import type { Guardrail, Metric } from '../experiment/metric.ts';

/** A guardrail of one treatment, as it stands among everyone who came so far. */
export type GuardrailStanding = {
  readonly metric: string;
  readonly name: string;
  readonly variant: string;
  readonly action: Guardrail['action'];
  readonly margin: number;
  readonly better: Metric['better'];
  readonly kind: Metric['kind'];
  /** By the evidence: `crossed` only where the action is to stop; `unknown` while too few visitors have anything to compare. */
  readonly outcome: 'clear' | 'warned' | 'crossed' | 'unknown';
  /** Levels so far, windows open or closed: comparable with each other, and with nothing else. */
  readonly control: number | null;
  readonly treatment: number | null;
  /** Treatment over control, day by day compared. */
  readonly ratio: number | null;
  /** P(worse than tolerated), for one look. Read every day it is too sure, so no warning and no stop goes by it: `holdsBack` does. */
  readonly probabilityOfHarm: number;
  readonly logEvidence: number;
  /** What the evidence must reach before the guardrail acts (warns or stops), as a logarithm. */
  readonly needed: number;
};

/** P(worse than tolerated) from which nobody ships without having thought about it: one look, at the moment of shipping. */
const DOUBTFUL_AT = 0.95;

/** Whether somebody should weigh this guardrail before a winner is shipped. Less is asked of a doubt than of a warning. */
export const holdsBack = ({ outcome, probabilityOfHarm }: GuardrailStanding): boolean =>
  outcome === 'crossed' || outcome === 'warned' || (outcome === 'clear' && probabilityOfHarm >= DOUBTFUL_AT);
