import type { Experiment, Revision } from '../experiment/experiment.ts';
import type { Holdout } from '../experiment/holdout.ts';
import type { Journey } from '../journey/journey.ts';
import type { Link } from '../journey/link.ts';
import type { ReportHeadline } from '../report/headline.ts';
import type { Report } from '../report/report.ts';
import type { Tally } from '../tally/tally.ts';
import type { TokenSecret } from '../token/token.ts';

/** Where experiments are kept. Every write names the revision it read and refuses when another came first. */
export type Experiments = {
  find(id: string): Promise<Experiment | undefined>;
  list(): Promise<Experiment[]>;
  /** Refuses with `experiment.exists`. */
  create(experiment: Experiment, revision: Revision): Promise<void>;
  /** Replaces `experiment.revision - 1`; refuses with `experiment.version-conflict`. */
  replace(experiment: Experiment, revision: Revision): Promise<void>;
  revisions(id: string): Promise<Revision[]>;
};

/** What holds for a whole installation, as one of its revisions: who said so and when (ms). */
export type Settings = {
  readonly revision: number;
  readonly at: number;
  readonly by: string;
  readonly holdout: Holdout;
};

/** Where settings are kept. */
export type SettingsStore = {
  /** As they are now; nothing while nobody has set anything. */
  find(): Promise<Settings | undefined>;
  /** Replaces `settings.revision - 1`, where 0 is nothing; refuses with `settings.version-conflict`. */
  replace(settings: Settings): Promise<void>;
  /** Every revision, oldest first. */
  revisions(): Promise<Settings[]>;
};

/**
 * What a write did: the journey before it and after it. `before` is absent when the write created the journey. Commitments and
 * replies that a full journey did not take are not in `after`.
 */
export type Recorded = { readonly before: Journey | undefined; readonly after: Journey };

/** What one visitor did, to be handed over to the id they became known under. */
export type HandOver = {
  readonly experiment: string;
  /** The id of before, and its journey if there is one. */
  readonly from: string;
  readonly own: Journey | undefined;
  /** The journey that is already there under the known id. */
  readonly known: Journey | undefined;
  /** What to merge into that one, or to begin it with. */
  readonly news: Journey;
};

/** At most a few megabytes of journeys; `last` when none come behind them. Empty only when it is the last. */
export type JourneyPage = { readonly journeys: readonly Journey[]; readonly last: boolean };

/**
 * Where journeys are kept: the truth. A visitor who became known under another id is followed there, by reads and writes alike:
 * the journey that is answered says whose it is.
 */
export type Journeys = {
  /** Merges news into the stored journey, creating it if need be. Any order, any repetition, any number of writers. */
  record(news: Journey): Promise<Recorded>;
  /** The same, unless there is no journey yet. */
  recordKnown(news: Journey): Promise<Recorded | undefined>;
  find(experiment: string, visitor: string): Promise<Journey | undefined>;
  /** The journey under this very id, merged or not. */
  own(experiment: string, visitor: string): Promise<Journey | undefined>;
  /** Whether anybody of an experiment became known under another id. While nobody did, no id has to be followed. */
  anyMerged(experiment: string): Promise<boolean>;
  /** Says that somebody will; before the first of them does. */
  noteMerges(experiment: string): Promise<void>;
  /**
   * From now on what `from` did is counted under the known id and nowhere else: both or neither. False when one of the two
   * journeys has begun or was merged since it was read.
   */
  handOver(handOver: HandOver): Promise<boolean>;
  /** Empties a merged journey whose contents are where they belong. Its id goes on leading there. */
  emptied(merged: Journey): Promise<void>;
  /** Every journey of an experiment, in no order. Never a scan. */
  all(experiment: string): AsyncIterable<Journey>;
  /**
   * Some journeys of an experiment, in an order of the store's own that never changes: the first ones, or those behind a
   * visitor. A journey that is there all the while is on exactly one of the pages that follow each other.
   */
  page(experiment: string, after?: string): Promise<JourneyPage>;
  /** Erases the journey under this very id. True when there was one. */
  erase(experiment: string, visitor: string): Promise<boolean>;
};

/** `live` counts everyone; `erased` counts those of them whose journeys are gone. */
export type Ledger = 'live' | 'erased';
export type LedgerDelta = { readonly experiment: string; readonly ledger: Ledger; readonly tally: Tally };

/** One stretch of one stream shard, folded: what its records are worth, and the sequence numbers it covers. */
export type ShardDelta = {
  readonly shard: string;
  readonly first: string;
  readonly last: string;
  readonly deltas: readonly LedgerDelta[];
};

export type Committed = { readonly kind: 'committed' } | { readonly kind: 'overtaken'; readonly checkpoint: string };

/** Where the live tallies are kept, beside the checkpoints that make them exact. */
export type Tallies = {
  read(experiment: string, ledger: Ledger): Promise<Tally>;
  /** Adds the deltas and moves the shard's checkpoint, both or neither. `overtaken` when records of it were counted before. */
  commit(delta: ShardDelta): Promise<Committed>;
  /** Adds a correction to the live ledger outside any stream: how a recount mends a drift. */
  correct(experiment: string, correction: Tally): Promise<void>;
};

/** A report that is kept, and the page it made on the day. */
export type KeptReport = { readonly report: Report; readonly html: string };

/** Where reports are kept, by the instant they were written at. */
export type Reports = {
  /** Keeps a report, and the page it makes. */
  put(report: Report, html: string): Promise<void>;
  latest(experiment: string): Promise<Report | undefined>;
  /** Newest first, at most `limit` of those written before an instant (ms), or of all. */
  headlines(experiment: string, limit: number, before?: number): Promise<ReportHeadline[]>;
  find(experiment: string, writtenAt: number): Promise<KeptReport | undefined>;
};

/** Where written reports are kept for years, beside the table: a file for programs and one for people. */
export type ReportArchive = { put(report: Report, html: string): Promise<void> };

/** `due`: what was signed stays good for its time. `leaked`: everything signed so far is refused, at once. */
export type RotationReason = 'due' | 'leaked';
/** The instant (ms) from which every function signs with the new secret; all of them accept it before that. */
export type Rotated = { readonly signsFrom: number };

/** The secrets that tokens and recipients are signed with, held for a few minutes. */
export type Secrets = {
  tokenSecret(): Promise<TokenSecret>;
  /** Signs the ids in e-mail links. Links are opened years later, so this one is never rotated. */
  recipientSecret(): Promise<string>;
  /** Makes the secrets that are not there yet. */
  prepare(): Promise<void>;
  /** Draws a new token secret. Refuses with `secret.rotated-recently` while tokens under the one before the current one may be about. */
  rotateTokenSecret(why: RotationReason): Promise<Rotated>;
};

/** Where the links of e-mails are kept. */
export type Links = { put(link: Link): Promise<void>; find(id: string): Promise<Link | undefined> };

/** A secret of a key, as it is kept: the SHA-256 of its 256 random bits, which nobody can turn back or guess. */
export type KeySecret = { readonly hash: string; readonly since: number; readonly until?: number };

/** A key of a site or a server. Two secrets at most are good at a time, so that one can be rotated without a gap. */
export type ApiKey = {
  readonly id: string;
  /** `publishable` keys stand in pages and are bound to origins; `secret` keys stay on servers. */
  readonly kind: 'publishable' | 'secret';
  readonly name: string;
  readonly projects: readonly string[];
  readonly origins: readonly string[];
  readonly requestsPerSecond: number;
  /** Newest first. */
  readonly secrets: readonly KeySecret[];
  readonly revision: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly revokedAt?: number;
  readonly revokedBy?: string;
};

/** Where keys are kept. */
export type ApiKeys = {
  find(id: string): Promise<ApiKey | undefined>;
  list(): Promise<ApiKey[]>;
  create(key: ApiKey): Promise<void>;
  /** Replaces `key.revision - 1`; refuses with `key.version-conflict`. */
  replace(key: ApiKey): Promise<void>;
};

/** The key-value store that the edge reads. Seconds pass before every edge has what is written here. */
export type EdgeStore = {
  put(key: string, value: string): Promise<void>;
  /** No refusal when there is nothing under the key. */
  remove(key: string): Promise<void>;
};

/** The current time in ms since 1970. */
export type Clock = () => number;
