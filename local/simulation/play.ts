import type { Definition } from '#shared/experiment/definition.ts';
import { DAY_MS, MINUTE_MS } from '#shared/experiment/time.ts';
import { cohortDay, dayName } from '#shared/tally/cohort-day.ts';
import { atOnce } from '#shared/usecases/at-once.ts';
import type { Progress } from '../commands/progress.ts';
import { postAt } from '../installation/call.ts';
import type { Installation } from '../installation/installation.ts';
import type { Random } from './random.ts';
import type { Truth } from './truth.ts';
import { type Deed, drawVisitor, type SimulatedVisitor } from './visitor.ts';
import { byLinks, byRedirect, bySite, type WayIn } from './ways-in.ts';

/** What somebody does within this time of the deed before goes out with it, as a page would send it. */
const SESSION_MS = 20 * MINUTE_MS;
const IN_FLIGHT = 32;

export type Played = {
  readonly came: number;
  readonly machines: number;
  readonly requests: number;
  readonly seconds: number;
};

/**
 * Plays visitors of a known truth through the real functions, each from coming in to their last deed, spread evenly over the
 * truth's days from `since` (ms) on. The same seed gives the same visitors.
 */
export async function play(
  installation: Installation,
  definition: Definition,
  truth: Truth,
  { visitors, since, random, progress }: { visitors: number; since: number; random: Random; progress: Progress },
): Promise<Played> {
  const began = performance.now();
  const way = await wayOf(installation, definition, truth, since);
  const counts = { came: 0, machines: 0, requests: 0 };
  let done = 0;
  progress.start(visitors);
  for (let day = 0; day < truth.days; day += 1) {
    const [from, until] = [day, day + 1].map((each) => Math.floor((visitors * each) / truth.days)) as [number, number];
    // Drawn in order before anything is sent, so that what the seed gives does not hang on which answer comes first.
    const dayStart = since + day * DAY_MS;
    const queue = Array.from({ length: until - from }, (_, i) =>
      drawVisitor(random, truth, definition, from + i, dayStart),
    );
    await atOnce(IN_FLIGHT, queue, async (visitor) => {
      await playVisitor(visitor);
      progress.advance(++done, dayName(cohortDay(dayStart)));
    });
  }
  progress.finish();
  return { ...counts, seconds: (performance.now() - began) / 1000 };

  async function playVisitor({ id, enteredAt, isMachine, stage, fates }: SimulatedVisitor): Promise<void> {
    if (isMachine && truth.way !== 'links') {
      await way.scan(enteredAt, id);
      counts.machines += 1;
      counts.requests += 1;
      return;
    }
    const came = await way.comeIn(enteredAt, id, stage);
    counts.requests += truth.way === 'redirect' ? 2 : 1;
    if (isMachine) {
      await way.scan(enteredAt + 2 * MINUTE_MS, id);
      counts.machines += 1;
      counts.requests += 2;
    }
    if (came === undefined) return;
    counts.came += 1;
    const sent = await live(installation, definition.id, way, came.visitor, enteredAt, fates.get(came.variant));
    // Added afterwards: a sum that waits in the middle would lose what others added meanwhile.
    counts.requests += sent;
  }
}

function wayOf(
  installation: Installation,
  definition: Definition,
  truth: Truth,
  since: number,
): WayIn | Promise<WayIn> {
  switch (truth.way) {
    case 'redirect':
      return byRedirect(installation, definition.id);
    case 'links':
      return byLinks(installation, definition, since);
    case 'site':
      return bySite(installation, definition.id);
  }
}

/** Everything one visitor does after coming in; the number of requests that took. */
async function live(
  { handlers }: Installation,
  experiment: string,
  way: WayIn,
  visitor: string,
  enteredAt: number,
  deeds: readonly Deed[] = [],
): Promise<number> {
  let requests = 0;
  for (const session of sessions(deeds)) {
    const events: object[] = [];
    for (const deed of session) {
      const { afterMs, ...told } = deed;
      if (await way.take(enteredAt + afterMs, visitor, deed)) requests += 2;
      else events.push({ experiment, visitor, at: enteredAt + afterMs, ...told });
    }
    if (events.length === 0) continue;
    const last = enteredAt + (session.at(-1)?.afterMs ?? 0);
    const { answers } = (await postAt(last, handlers.site, '/v1/events', { events })) as {
      answers: { status: string; code?: string; message?: string }[];
    };
    const refused = answers.find(({ status }) => status === 'refused');
    if (refused) throw new Error(`an event of the simulation was refused: ${refused.code}, ${refused.message}`);
    requests += 1;
  }
  return requests;
}

function sessions(deeds: readonly Deed[]): Deed[][] {
  const groups: Deed[][] = [];
  for (const deed of deeds) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && group.length < 50 && deed.afterMs - before.afterMs < SESSION_MS) group.push(deed);
    else groups.push([deed]);
  }
  return groups;
}
