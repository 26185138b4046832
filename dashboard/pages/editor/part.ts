import type { Draft } from '../../draft.ts';

/** What every part of the form works on. */
export type Part = {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  /** Visitors have joined, so what they were promised stays. */
  readonly begun: boolean;
};

/** Shares are written as per cent, without the digits that binary fractions bring along. */
export const percentOf = (share: number): number => Number((share * 100).toPrecision(10));
