/** What to do. Every verdict carries its reasons; too little data is a state of its own, never a number. */
export const VERDICTS = [
  'collecting',
  'invalid',
  'keep-running',
  'winner',
  'equivalent',
  'stopped-by-guardrail',
] as const;
export type VerdictKind = (typeof VERDICTS)[number];

/**
 * One thing that was looked at on the way to the verdict.
 * `passed` and `failed` speak of a demand of the policy; `noted` is told because a careful reader would want to know.
 */
export type Reason = {
  readonly check:
    | 'sample-ratio'
    | 'redirect-loss'
    | 'minimum-days'
    | 'whole-weeks'
    | 'minimum-goals'
    | 'probability'
    | 'expected-loss'
    | 'evidence'
    | 'planned-end'
    | 'scepticism'
    | 'equivalence'
    | 'machines'
    | 'guardrail'
    | 'identity'
    | 'entry-burst';
  readonly outcome: 'passed' | 'failed' | 'noted';
  /** A sentence in plain words with the number and what the policy asks for. */
  readonly text: string;
  readonly value?: number;
  readonly needed?: number;
};

/** What has to be in order before any difference may be read, the winner's or another. */
const GROUNDS: readonly Reason['check'][] = ['sample-ratio', 'minimum-days', 'minimum-goals'];

/** Whether the experiment has come far enough, and soundly enough, that its differences may be read. */
export const isReadable = ({ reasons }: Pick<Verdict, 'reasons'>): boolean =>
  reasons.every(({ check, outcome }) => outcome !== 'failed' || !GROUNDS.includes(check));

export type Verdict = {
  readonly kind: VerdictKind;
  /** The winner; or the shorter of the equivalent; absent otherwise. */
  readonly variant?: string;
  /** The guardrails that are crossed, and by whom; only of `stopped-by-guardrail`. */
  readonly crossed?: readonly { readonly metric: string; readonly variant: string }[];
  /** The verdict in one sentence. */
  readonly sentence: string;
  readonly reasons: readonly Reason[];
};
