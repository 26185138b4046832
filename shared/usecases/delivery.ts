import type { ReportMail } from '../report/mail.ts';

/** A message with the report attached. */
export type Letter = ReportMail & {
  readonly to: readonly string[];
  readonly attachment: { readonly filename: string; readonly html: string };
};

/** Sends e-mail. Rejects when it was not taken. */
export type Mailer = (letter: Letter) => Promise<void>;

/** Posts a signed message to an address on the internet. Rejects when it was not taken. */
export type Webhook = (post: { readonly url: string; readonly body: string; readonly secret: string }) => Promise<void>;

/** Publishes to a topic. Rejects when it was not taken. */
export type Topic = (note: {
  readonly topic: string;
  readonly subject: string;
  readonly text: string;
}) => Promise<void>;

export type Channels = { readonly mailer: Mailer; readonly webhook: Webhook; readonly topic: Topic };

export type Channel = 'email' | 'webhook' | 'topic';

/** One report to one destination: that it went, or why it did not. `label` is its verdict in a few words. */
export type Outcome = {
  readonly at: number;
  readonly writtenAt: number;
  readonly label: string;
  readonly error?: string;
};

/** How things stand with one destination of one experiment: what it got last, and what it did not get. */
export type Delivery = {
  readonly experiment: string;
  readonly channel: Channel;
  readonly to: string;
  /** What was sent last. */
  readonly sent?: { readonly at: number; readonly verdict: string; readonly writtenAt: number };
  /** What could not be sent since; it is tried again with every report until it is. */
  readonly failed?: { readonly since: number; readonly at: number; readonly attempts: number; readonly error: string };
  /** The last outcomes, newest first. Absent where none was noted yet. */
  readonly recent?: readonly Outcome[];
};

/** Where deliveries are kept: one for every destination. */
export type Deliveries = {
  list(experiment: string): Promise<Delivery[]>;
  put(delivery: Delivery): Promise<void>;
};
