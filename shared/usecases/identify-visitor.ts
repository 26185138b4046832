import type { Journey } from '../journey/journey.ts';
import { alsoKnownAs, isEmptied, knownAs } from '../journey/known-as.ts';
import { busy } from '../problem/store-busy.ts';
import { followMerges, MOST_IDS } from './follow-merges.ts';
import type { HandOver, Journeys } from './ports.ts';

/**
 * What became of the two ids in one experiment.
 * - `taken-over`: the known id had no journey, and goes on with that of the old one.
 * - `merged`: both had one. What was done under the old id is added to that of the known id.
 * - `conflict`: the same, and the two had different variants. This person has seen both; that of the known id stands.
 * - `linked`: the old id had none. Whatever comes under it from now on is counted under the known id.
 * - `known`: the two were one already.
 * - `known-otherwise`: the old id was known under another id before. That stands.
 * - `too-many`: the person has as many ids as there may be.
 */
export type Identified = {
  readonly experiment: string;
  readonly outcome: 'taken-over' | 'merged' | 'conflict' | 'linked' | 'known' | 'known-otherwise' | 'too-many';
  /** What the person is served from now on. */
  readonly variant: string;
};

type Deps = { readonly journeys: Journeys };

/** Somebody else changed one of the two journeys in between as often as this: something is wrong, or very busy. */
const TRIES = 5;

/**
 * A visitor turned out to be somebody who is known by another id: from now on the two are one, in each of the experiments in
 * which either has a journey. May be repeated, by anyone, at any time, and cut off anywhere.
 *
 * One transaction marks the old journey and begins or extends that of the known id, and it is let through only while neither is
 * marked. So at every instant one of the two counts, never both or neither; and no id ever leads back to itself, because a mark
 * is only ever set on what nothing has been marked to lead away from. All that follows, moving what one transaction does not
 * hold and emptying the old journey, is safe to repeat, and a repeat of the call does what an earlier one left undone.
 */
export async function identifyVisitor(
  { journeys }: Deps,
  experiments: readonly string[],
  visitor: string,
  known: string,
): Promise<Identified[]> {
  const identified = await Promise.all(
    experiments.map((experiment) => identifyIn(journeys, experiment, visitor, known)),
  );
  return identified.filter((each) => each !== undefined);
}

async function identifyIn(
  journeys: Journeys,
  experiment: string,
  from: string,
  to: string,
): Promise<Identified | undefined> {
  const read = (visitor: string) => journeys.own(experiment, visitor);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [own, counted] = await Promise.all([read(from), followMerges(read, to)]);
    const there = own ?? counted.journey;
    if (there === undefined) return undefined;
    const answer = (outcome: Identified['outcome'], { variant }: Journey = there) => ({ experiment, outcome, variant });

    if (own?.mergedInto !== undefined) {
      await settle(journeys, own);
      const now = await followMerges(read, from);
      return answer(now.visitor === counted.visitor ? 'known' : 'known-otherwise', now.journey);
    }
    if (counted.visitor === from) return answer('known');
    const ids = new Set([from, ...(own?.mergedFrom ?? []), ...(counted.journey?.mergedFrom ?? [])]);
    if (ids.size > MOST_IDS) return answer('too-many');

    await journeys.noteMerges(experiment);
    if (!(await journeys.handOver(handOverOf(experiment, from, own, counted.visitor, counted.journey)))) continue;
    if (own === undefined) return answer('linked');
    const merged = await read(from);
    if (merged) await settle(journeys, merged);
    if (counted.journey === undefined) return answer('taken-over');
    return answer(counted.journey.variant === own.variant ? 'merged' : 'conflict', counted.journey);
  }
  throw busy();
}

function handOverOf(
  experiment: string,
  from: string,
  own: Journey | undefined,
  to: string,
  known: Journey | undefined,
): HandOver {
  if (own) return { experiment, from, own, known, news: knownAs(to, own, known) };
  if (known) return { experiment, from, own, known, news: alsoKnownAs(from, known) };
  throw new Error('neither of two ids has a journey to hand over');
}

/** Brings all that is in a merged journey to where it is counted, and then leaves of it only the way there. */
async function settle(journeys: Journeys, merged: Journey): Promise<void> {
  const { mergedInto } = merged;
  if (mergedInto === undefined || isEmptied(merged)) return;
  // Of whoever was erased meanwhile nothing is begun again.
  await journeys.recordKnown(knownAs(mergedInto, merged, undefined));
  await journeys.emptied(merged);
}
