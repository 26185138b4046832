import type { Status } from '../experiment/lifecycle.ts';
import type { Policy } from '../experiment/policy.ts';
import type { Stage, Step } from '../experiment/step.ts';
import type { Beta, Interval } from '../statistics/beta.ts';
import type { GuardrailStanding } from '../verdict/guardrail-standing.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Advice } from './advice.ts';
import type { DaySeries } from './day-series.ts';
import type { Divergence } from './divergence.ts';
import type { ExtraSteps } from './extra-steps.ts';
import type { IntentReport } from './intent.ts';
import type { MetricReport } from './metrics.ts';
import type { Outlook } from './outlook.ts';
import type { ReturnOnSpend } from './return-on-spend.ts';
import type { SegmentRates } from './segment-rates.ts';
import type { TimeOnStep } from './time-on-step.ts';

export type Estimate = Interval & { readonly mean: number };

/** One rung of one ladder, as counted among mature human visitors. */
export type RungReport = {
  readonly rung: number;
  readonly step: string;
  readonly name: string;
  readonly stage?: Stage;
  /** False when nobody counts this step: it is known only where a later one implies it, and has no drop-off to show. */
  readonly observed: boolean;
  /** What its author says may make it hard; compared across experiments, and nowhere decided by. */
  readonly frictions?: Step['frictions'];
  readonly reached: number;
  /** Share of all assigned visitors who come this far. */
  readonly reach: Estimate;
  /** Share of those on the observed rung below who take this step. Descriptive: never compare it between variants. */
  readonly momentum: Estimate | null;
  /** Probability that this step loses the largest share of those who come to it. Descriptive. */
  readonly worst: number | null;
};

export type VariantReport = {
  readonly id: string;
  readonly name: string;
  readonly control: boolean;
  /** Human visitors assigned so far, mature or not. */
  readonly assigned: number;
  /** Of those assigned, the ones a redirect sent on. */
  readonly redirected: number;
  readonly arrived: number;
  /** Human visitors of the cohorts that count for the verdict. All that follows is about them. */
  readonly counted: number;
  readonly rungs: readonly RungReport[];
  readonly goals: number;
  readonly goalRate: Estimate;
  /** What is believed about the goal rate, standardised where weights changed. */
  readonly belief: Beta;
  readonly best: number;
  readonly beatsControl: number | null;
  readonly expectedLoss: number;
  readonly uplift: { readonly mean: number | null; readonly median: number; readonly interval: Interval } | null;
  readonly evidence: {
    readonly logEvidence: number;
    readonly pValue: number;
    readonly upliftInterval: Interval | null;
  } | null;
  readonly value: { readonly payers: number; readonly sum: number; readonly perVisitor: number };
};

/** A step several variants share, compared per visitor assigned. The goal is the last of them. */
export type AnchorReport = {
  readonly step: string;
  readonly name: string;
  readonly goal: boolean;
  readonly comparisons: readonly {
    readonly variant: string;
    readonly difference: Interval & { readonly mean: number };
    readonly beatsControl: number;
  }[];
};

/** Where everyone went: nobody is dropped in silence. */
export type Headcount = {
  readonly human: number;
  readonly suspect: number;
  readonly machine: number;
  /** Humans whose window is still open. */
  readonly immature: number;
  /** Humans of mature days that wait for their week to be whole. */
  readonly waiting: number;
  readonly counted: number;
  /** Visitors of earlier sequence versions, which are never pooled with this one. */
  readonly earlierSequences: number;
  /** Humans among them who had another variant before they were known. Absent in reports from before identities were merged. */
  readonly conflicts?: number;
};

export type Report = {
  readonly experiment: {
    readonly id: string;
    readonly name: string;
    readonly status: Status;
    readonly revision: number;
    readonly sequence: number;
    readonly goal: string;
    readonly windowDays: number;
    readonly hypothesis?: string;
    /** The variant everyone gets, once concluded. */
    readonly shipped?: string;
    /** The day since which nobody joins any more, while what those who did go on to do still counts. */
    readonly enrolmentClosed?: string;
  };
  readonly policy: Policy;
  readonly writtenAt: number;
  /** The instant maturity is judged at: now, or the conclusion. */
  readonly asOf: number;
  readonly cohorts: { readonly from: string; readonly until: string; readonly days: number } | null;
  readonly headcount: Headcount;
  readonly variants: readonly VariantReport[];
  readonly anchors: readonly AnchorReport[];
  readonly verdict: Verdict;
  readonly divergences: readonly Divergence[];
  readonly extraSteps: readonly ExtraSteps[];
  readonly days: DaySeries;
  readonly times: readonly TimeOnStep[];
  readonly segments: readonly SegmentRates[];
  readonly outlook: Outlook | null;
  /** The goal if every class were counted and every opening of a link were a person's: how much hangs on telling them apart. */
  readonly everyone: readonly { readonly variant: string; readonly visitors: number; readonly goals: number }[];
  /** True when some denominators come from the edge's logs, which are best effort. */
  readonly approximate: boolean;
  /** What follows is absent in stored reports from before there was such a thing. */
  readonly metrics?: readonly MetricReport[];
  readonly guardrails?: readonly GuardrailStanding[];
  /** Null where the definition tells no intent. */
  readonly intent?: IntentReport | null;
  /** Null where no variant says what it costs. */
  readonly spend?: ReturnOnSpend | null;
  readonly advice?: readonly Advice[];
  /** Live tallies minus recount, in absolute counts. Zero when the stream is quiet. */
  readonly drift: number;
};
