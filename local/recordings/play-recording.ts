import { assign } from '#shared/assignment/assign.ts';
import { pack } from '#shared/assignment/pack.ts';
import { routes } from '#shared/contracts/routes.ts';
import { Definition } from '#shared/experiment/definition.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import type { Attributes } from '#shared/experiment/packed.ts';
import { HOUR_MS } from '#shared/experiment/time.ts';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import { parsed } from '#shared/http/parsed.ts';
import { atOnce } from '#shared/usecases/at-once.ts';
import { createExperiment, moveExperiment } from '#shared/usecases/define-experiment.ts';
import type { Progress } from '../commands/progress.ts';
import { postAt } from '../installation/call.ts';
import type { Installation } from '../installation/installation.ts';
import { at } from '../installation/replay-clock.ts';
import type { RecordedVisitor, Recording } from './recording.ts';

const IN_FLIGHT = 48;
const WHO = 'replay';

export type Played = { readonly visitors: number; readonly requests: number; readonly seconds: number };

/**
 * Plays a recording through the real functions, one request after another as the visitors would have sent them, at the times
 * they would have sent them. Undefined when it was played to its end before, or is left off now; a recording that was left
 * off is simply played again, because the same events count once.
 */
export async function playRecording(
  { deps, handlers }: Installation,
  recording: Recording,
  progress: Progress,
  leaveOff = new AbortController().signal,
): Promise<Played | undefined> {
  const definition = parsed(Definition, recording.definition, 'the sample');
  const known = await deps.experiments.find(definition.id);
  if (known?.status === 'concluded') return undefined;
  const began = performance.now();
  const { startedAt, concludedAt, ships, days } = recording;
  const experiment = known ?? (await at(startedAt, () => createExperiment(deps, definition, deps.newId(), WHO)));
  const running =
    experiment.status === 'draft'
      ? await at(startedAt, () => moveExperiment(deps, definition.id, 'started', WHO))
      : experiment;

  const total = days.reduce((sum, { visitors }) => sum + visitors.length, 0);
  const idFor = visitorIds(running, startedAt);
  let done = 0;
  let requests = 0;
  progress.start(total);
  for (const { date, visitors } of days) {
    const queue = visitors.map((visitor) => ({ visitor, id: idFor(visitor) }));
    await atOnce(IN_FLIGHT, queue, async ({ visitor, id }) => {
      if (leaveOff.aborted) return;
      const sent = await live(handlers.site, definition.id, id, visitor);
      // Added afterwards: a sum that waits in the middle would lose what others added meanwhile.
      requests += sent;
      progress.advance(++done, date);
    });
  }
  progress.finish();
  if (leaveOff.aborted) return undefined;
  await at(concludedAt, () => moveExperiment(deps, definition.id, 'concluded', WHO, ships));
  return { visitors: total, requests, seconds: (performance.now() - began) / 1000 };
}

/** One visitor's requests: assigned on entering, then the steps of each visit in one batch. */
async function live(
  site: HttpHandler,
  experiment: string,
  visitor: string,
  { variant, enteredAt, attributes, steps }: RecordedVisitor,
): Promise<number> {
  const entering = { experiment, visitor, ...(attributes && { attributes }) };
  const answer = await postAt(enteredAt, site, routes.assign.path, entering);
  if (answer.variant !== variant)
    throw new Error(
      `${visitor} was recorded in ${variant} and assigned to ${answer.variant}: ${JSON.stringify(answer)}`,
    );
  const visits = visitsOf(steps);
  for (const visit of visits) {
    const events = visit.map((step) => ({ experiment, visitor, ...step }));
    const { answers } = await postAt(visit.at(-1)?.at ?? enteredAt, site, routes.events.path, { events });
    for (const each of answers as { status: string }[])
      if (each.status === 'refused' || each.status === 'late')
        throw new Error(`an event of the replay was ${JSON.stringify(each)}`);
  }
  return 1 + visits.length;
}

/** Steps less than an hour apart are of one visit. */
function visitsOf(steps: RecordedVisitor['steps']): RecordedVisitor['steps'][] {
  const visits: RecordedVisitor['steps'][number][][] = [];
  for (const step of steps) {
    const visit = visits.at(-1);
    const last = visit?.at(-1);
    if (visit && last && step.at - last.at < HOUR_MS) visit.push(step);
    else visits.push([step]);
  }
  return visits;
}

/** Ids the real assignment sends to the variant asked for: candidates are drawn in order and kept for the variant they fall to. */
function visitorIds(experiment: Experiment, now: number): (visitor: RecordedVisitor) => string {
  const packed = pack(experiment);
  if (packed?.kind !== 'split') throw new Error(`${experiment.id} is ${experiment.status} and cannot be replayed into`);
  const spare = new Map<string, string[]>(packed.variants.map(({ id }) => [id, []]));
  let next = 0;
  return ({ variant, attributes = {} as Attributes }) => {
    for (;;) {
      const kept = spare.get(variant)?.shift();
      if (kept) return kept;
      const candidate = `visitor-${(next++).toString(36).padStart(6, '0')}`;
      const index = assign(packed, candidate, attributes, now).variant;
      spare.get(packed.variants[index]?.id ?? '')?.push(candidate);
    }
  };
}
