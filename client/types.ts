import type { Attributes, PackedExperiment } from '#shared/experiment/packed.ts';

// These types are the client's .d.ts as they stand; the build puts shared/experiment/packed.ts behind them.

export type Options = {
  /** Where the API is, such as `https://ladder.example.com`. The page's own origin when absent. No slash at the end. */
  readonly api?: string | undefined;
  /** A publishable site key, where the installation asks for one. */
  readonly key?: string | undefined;
  /** An opaque id of your own, such as an account number. Never an e-mail address: the server refuses one. */
  readonly visitor?: string | undefined;
  /**
   * False until the visitor agreed: nothing is stored, nothing stored is used, and what was stored is removed. A browser that
   * sends Global Privacy Control counts as not having agreed, until `consent(true)` says that this visitor agreed here.
   */
  readonly consent?: boolean | undefined;
  /** How long an assignment may take before the page is shown as it is; 800 when absent. */
  readonly timeoutMs?: number | undefined;
  /** Experiments put into the page by your server, which saves the request for them. Only where the browser assigns. */
  readonly packed?: readonly PackedExperiment[] | undefined;
};

/** What a visitor is to be shown. */
export type Assigned = {
  readonly experiment: string;
  /** Absent when nobody answered. */
  readonly visitor?: string | undefined;
  /** Absent when nobody answered and this browser remembers nothing either: show the page as it is. */
  readonly variant?: string | undefined;
  readonly assigned: boolean;
  /** As the server gives it, or `timeout`, or `error`. */
  readonly reason: string;
  /** The ladder of the variant, where the server assigned. */
  readonly steps?: readonly { readonly id: string; readonly name: string; readonly url?: string | undefined }[];
  /** The address of the first step, where the browser assigned. */
  readonly url?: string | undefined;
};

export type Assigning = {
  /** What the audience and the segments of the experiment ask about. */
  readonly attributes?: Attributes | undefined;
  /** A selector that stays invisible until the variant is known, or the time is over. */
  readonly hide?: string | undefined;
};

export type Step = {
  /** In the smallest unit of the currency, so that sums are exact: 29.90 is 2990. */
  readonly value?: number | undefined;
  /** Comes back in the server's answer, for your own logs. */
  readonly eventId?: string | undefined;
};

/** Anything else the API takes as an event; see docs/api.md. A commitment is counted once per event id. */
export type Told =
  | (Step & { readonly step: string })
  | (Step & { readonly type: 'commitment'; readonly activity: string; readonly eventId: string })
  | {
      readonly type: 'reply';
      readonly activity: string;
      /** The event id of the commitment of this visitor that somebody replied to. */
      readonly to: string;
      readonly depth?: number | undefined;
    };

/** No function of it ever throws or rejects, whatever the page, the browser or the network do. */
export type Ladder = {
  /** Which variant this visitor has. Counts them in. */
  assign(experiment: string, how?: Assigning): Promise<Assigned>;
  /** The visitor took a step. */
  step(experiment: string, step: string, more?: Step): void;
  /** What a step was worth. Says that it was taken, too. */
  value(experiment: string, step: string, value: number): void;
  /** The visitor did something again, or somebody replied to that. */
  tell(experiment: string, event: Told): void;
  /**
   * Who this is from now on. An experiment that began under another id goes on under that one, so that no journey breaks in
   * two at a login. Without an id all is forgotten, for a logout on a shared computer.
   */
  identify(visitor?: string): void;
  /** Storage is allowed from now on, or not: then all that was stored is removed. */
  consent(agreed: boolean): void;
  /** Sends what waits. Resolves when the server answered, or cannot be reached now. */
  flush(): Promise<void>;
};
