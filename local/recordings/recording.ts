import type { Attributes } from '#shared/experiment/packed.ts';

/** One visitor of a recorded experiment: what they got, when they came, and what they did. Times in ms, values in cents. */
export type RecordedVisitor = {
  readonly variant: string;
  readonly enteredAt: number;
  readonly attributes?: Attributes;
  readonly steps: readonly { readonly step: string; readonly at: number; readonly value?: number }[];
};
export type RecordedDay = { readonly date: string; readonly visitors: readonly RecordedVisitor[] };

/** An experiment that was run elsewhere, to be played through our functions as its visitors would have called them. */
export type Recording = {
  /** As a person would have written it. */
  readonly definition: Readonly<Record<string, unknown>>;
  readonly startedAt: number;
  readonly concludedAt: number;
  /** What everyone got from then on; the control when absent. */
  readonly ships?: string;
  readonly days: readonly RecordedDay[];
};
