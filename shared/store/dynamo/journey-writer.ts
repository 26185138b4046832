import { isDeepStrictEqual } from 'node:util';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionConflictException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DAY_MS } from '../../experiment/time.ts';
import { enteredAt, type Journey, merge } from '../../journey/journey.ts';
import { MOST_IDS } from '../../usecases/follow-merges.ts';
import type { Recorded } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import {
  commitmentOfWorth,
  frozenFacts,
  type Item,
  isAmount,
  isCounted,
  isFull,
  journeyOf,
  times,
  without,
} from './journey-item.ts';
import { keys } from './keys.ts';
import { itemKey } from './partition.ts';
import { Update } from './update.ts';

/** First times in one update. With the facts they are some 3.5 KB of its expression, which may have 4; and 200 of its 300 operators. */
export const ROOM = 80;
/** Tries at an item that a transaction is just changing. It takes milliseconds, and nothing else of ours is one. */
const TRIES = 5;

/** Days an experiment keeps its journeys; the item's own TTL is written from it. */
export type RetentionDays = (experiment: string) => Promise<number>;

/** Another id: the visitor became known under it, so this is where it has to be written. */
type Moved = { readonly movedTo: string };
type Sent = { readonly old: Item | undefined } | { readonly refusedBy: Item | undefined };

/** The one way in which journeys are written: blindly, and one write unit for what is new of an ordinary one. */
export class JourneyWriter {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retentionDays: RetentionDays;
  readonly #read: (experiment: string, visitor: string) => Promise<Item | undefined>;

  constructor(
    client: DynamoDBClient,
    table: string,
    retentionDays: RetentionDays,
    read: (experiment: string, visitor: string) => Promise<Item | undefined>,
  ) {
    this.#client = client;
    this.#table = table;
    this.#retentionDays = retentionDays;
    this.#read = read;
  }

  /** Merges news into what is stored under the id the visitor is counted under. Nothing when `condition` does not hold there. */
  async write(news: Journey, condition?: string): Promise<Recorded | undefined> {
    let visitor = news.visitor;
    for (let hops = 0; hops <= MOST_IDS; hops += 1) {
      const written = await this.#writeOwn({ ...news, visitor }, condition);
      if (written === undefined || !('movedTo' in written)) return written;
      visitor = written.movedTo;
    }
    throw new Error(`${news.visitor} became known under more ids than there may be`);
  }

  /** When the item of a journey may go, in seconds. */
  async expiresAt(journey: Journey): Promise<number> {
    return Math.floor(enteredAt(journey) / 1000) + (await this.#retentionDays(journey.experiment)) * (DAY_MS / 1000);
  }

  /**
   * An update that sets what is not there yet; several where one cannot hold all of it. What stood before is then the old item
   * of the first, and of each later one the attributes that were its own: nothing of ours is in those.
   */
  async #writeOwn(news: Journey, condition: string | undefined): Promise<Recorded | Moved | undefined> {
    const facts = frozenFacts(news, await this.expiresAt(news));
    const leftOut = new Set<string>();
    let stood: Item = {};
    let created = false;
    for (const [index, portion] of portionsOf(times(news)).entries()) {
      const first = index === 0;
      let fitting = portion;
      let sent = await this.#send(news, setOnce({ ...facts, ...fitting }, first ? news : undefined, condition));
      if ('refusedBy' in sent && sent.refusedBy?.journeyFull && !sent.refusedBy.mergedInto) {
        fitting = known(portion, sent.refusedBy, leftOut);
        sent = await this.#send(news, setOnce({ ...facts, ...fitting }, first ? news : undefined, condition, true));
      }
      if ('refusedBy' in sent) {
        const movedTo = sent.refusedBy?.mergedInto?.S;
        return movedTo === undefined ? undefined : { movedTo };
      }
      if (first) created = sent.old === undefined;
      stood = first ? { ...sent.old } : { ...stood, ...picked(sent.old, portion) };
      const grew = Object.keys(fitting).some(isCounted);
      if (grew && isFull(new Set([...Object.keys(sent.old ?? {}), ...Object.keys(fitting)])))
        await this.#markFull(news);
    }
    const kept = without(news, leftOut);
    if (Object.keys(stood).length === 0) return { before: undefined, after: kept };
    const before = journeyOf({ ...key(news), ...(created && facts), ...stood });
    const after = merge(before, kept);
    const moved = await this.#pullEarlier(kept, before, after);
    return moved ?? { before: created ? undefined : before, after };
  }

  /**
   * Moves times to earlier ones, each write conditional on what it read, until the stored journey is the merged one. It is what
   * cannot be written blindly, shows in the old item, and is rare: a late event with an earlier clock.
   */
  async #pullEarlier(news: Journey, before: Journey, after: Journey): Promise<Moved | undefined> {
    let stored = times(before);
    let wanted = times(after);
    for (;;) {
      const earlier = Object.entries(wanted)
        .filter(([name, value]) => stored[name] && !isDeepStrictEqual(stored[name], value))
        .slice(0, ROOM);
      if (earlier.length === 0) return undefined;
      const update = new Update().onlyIf(conditions.notMerged);
      for (const [name, value] of earlier) update.onlyIfStill(name, stored[name]).set(name, value);
      if ('old' in (await this.#send(news, update))) {
        stored = { ...stored, ...Object.fromEntries(earlier) };
        continue;
      }
      const current = await this.#read(news.experiment, news.visitor);
      if (current === undefined) return undefined; // erased meanwhile: nothing to correct
      if (current.mergedInto?.S !== undefined) return { movedTo: current.mergedInto.S };
      stored = times(journeyOf(current));
      wanted = times(merge(journeyOf(current), news));
    }
  }

  /** From here on the journey takes no new commitments. Writes that are just under way may still bring some. */
  async #markFull(journey: Journey): Promise<void> {
    const update = new Update().set('journeyFull', { BOOL: true }).onlyIf(conditions.alreadyThere);
    await this.#send(journey, update.onlyIf(conditions.notMerged));
  }

  async #send(journey: Journey, update: Update): Promise<Sent> {
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: key(journey),
      ...update.input(),
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    for (let tries = 1; ; tries += 1) {
      try {
        const { Attributes } = await this.#client.send(command);
        // AWS returns nothing of an item that was not there; the embedded engine returns its key.
        return { old: Attributes?.variant ? Attributes : undefined };
      } catch (error) {
        if (error instanceof TransactionConflictException && tries < TRIES) continue;
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // AWS tells what refused; an engine from before 2023 does not, and has to be asked.
        return { refusedBy: error.Item ?? (await this.#read(journey.experiment, journey.visitor)) };
      }
    }
  }
}

/**
 * The attributes in portions that an update can hold, at least one. An amount stays with its time: where another writer comes
 * between two updates, an amount that stood would be read without one, as nothing, and never be replaced by the larger.
 */
function portionsOf(item: Item): Item[] {
  const entries = Object.entries(item);
  const portions: Item[] = [];
  do portions.push(Object.fromEntries(entries.splice(0, isAmount(entries[ROOM]?.[0]) ? ROOM - 1 : ROOM)));
  while (entries.length > 0);
  return portions;
}

/** Sets what is not there; with `news`, adds its sets to those that are. A journey that is full is no reason to refuse when told so. */
function setOnce(
  attributes: Item,
  news: Journey | undefined,
  condition: string | undefined,
  evenIfFull = false,
): Update {
  const update = new Update().onlyIf(conditions.notMerged);
  if (condition) update.onlyIf(condition);
  if (!evenIfFull && Object.keys(attributes).some(isCounted)) update.onlyIf(conditions.notFull);
  for (const [name, value] of Object.entries(attributes)) update.setOnce(name, value);
  return news ? addSets(update, news) : update;
}

/** What only ever grows. */
export function addSets(update: Update, { signals, scanReasons = [], mergedFrom = [], conflict }: Journey): Update {
  if (signals.length > 0) update.add('signals', { SS: [...signals] });
  if (scanReasons.length > 0) update.add('scanReasons', { SS: [...scanReasons] });
  if (mergedFrom.length > 0) update.add('mergedFrom', { SS: [...mergedFrom] });
  return conflict ? update.set('conflict', { BOOL: true }) : update;
}

/** Of a portion what a full journey still takes: what it has, to be moved earlier, and amounts of what it has. Notes the rest. */
function known(portion: Item, full: Item, leftOut: Set<string>): Item {
  const fits = (name: string) => full[name] !== undefined || full[commitmentOfWorth(name) ?? ''] !== undefined;
  return Object.fromEntries(
    Object.entries(portion).filter(([name]) => {
      const takes = !(isCounted(name) || commitmentOfWorth(name)) || fits(name);
      if (!takes) leftOut.add(name);
      return takes;
    }),
  );
}

const picked = (item: Item = {}, names: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => Object.hasOwn(names, name)));

const key = ({ experiment, visitor }: Journey): Item => itemKey(keys.journey(experiment, visitor));
