/** A link of an e-mail: it stands for one step of one experiment, and is the same for all recipients. */
export type Link = {
  readonly id: string;
  readonly experiment: string;
  readonly step: string;
  /** The message it is in: all links of one message opened at once are a scanner's work. */
  readonly message?: string | undefined;
  /** When that message went out, ms: what opens a link seconds later is no person. */
  readonly sentAt?: number | undefined;
  readonly createdAt: number;
};
