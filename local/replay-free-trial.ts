import { assign } from '#shared/assignment/assign.ts';
import { pack } from '#shared/assignment/pack.ts';
import { routes } from '#shared/contracts/routes.ts';
import { Definition } from '#shared/experiment/definition.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import { parsed } from '#shared/http/parsed.ts';
import { createExperiment, moveExperiment } from '#shared/usecases/define-experiment.ts';
import type { Progress } from './commands/progress.ts';
import { freeTrialDefinition, type RecordedVisitor, recordedDays } from './free-trial.ts';
import { postAt } from './installation/call.ts';
import type { Installation } from './installation/installation.ts';
import { at } from './installation/replay-clock.ts';

const START = Date.parse('2014-10-11T00:00:00Z');
const END = Date.parse('2014-11-17T00:00:00Z');
const IN_FLIGHT = 48;
const WHO = 'replay';

export type Replayed = {
  readonly id: string;
  readonly visitors: number;
  readonly requests: number;
  readonly seconds: number;
};

/**
 * Replays the recorded trial through the real functions, one request after another as the visitors would have sent them,
 * at the times they would have sent them. Does nothing when it was replayed before; an interrupted replay is simply
 * repeated, because the same events count once.
 *
 * `oneIn` thins the visitors; the whole trial and its sample are two experiments, so that neither waters down the other.
 */
export async function replayFreeTrial(
  { deps, handlers }: Installation,
  oneIn: number,
  progress: Progress,
): Promise<Replayed | undefined> {
  const authored = freeTrialDefinition();
  const definition = parsed(
    Definition,
    oneIn === 1
      ? { ...authored, id: `${authored.id}-all` }
      : { ...authored, name: `${authored.name} (1 visitor in ${oneIn})` },
    'the sample',
  );
  const known = await deps.experiments.find(definition.id);
  if (known?.status === 'concluded') return undefined;
  const began = performance.now();
  const experiment = known ?? (await at(START, () => createExperiment(deps, definition, deps.newId(), WHO)));
  const running =
    experiment.status === 'draft'
      ? await at(START, () => moveExperiment(deps, definition.id, 'started', WHO))
      : experiment;

  const days = recordedDays(oneIn);
  const total = days.reduce((sum, { visitors }) => sum + visitors.length, 0);
  const ids = visitorIds(running);
  let done = 0;
  let requests = 0;
  progress.start(total);
  for (const { date, visitors } of days) {
    const queue = visitors.map((visitor) => ({ visitor, id: ids(visitor.variant) })).values();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        for (const { visitor, id } of queue) {
          const sent = await live(handlers.site, definition.id, id, visitor);
          requests += sent;
          progress.advance(++done, date);
        }
      }),
    );
  }
  progress.finish();
  await at(END, () => moveExperiment(deps, definition.id, 'concluded', WHO));
  return { id: definition.id, visitors: total, requests, seconds: (performance.now() - began) / 1000 };
}

/** One visitor's requests: assigned on entering, the steps of the visit in one batch, the payment when it comes. */
async function live(
  site: HttpHandler,
  experiment: string,
  visitor: string,
  { variant, enteredAt, steps }: RecordedVisitor,
): Promise<number> {
  const answer = await postAt(enteredAt, site, routes.assign.path, { experiment, visitor });
  if (answer.variant !== variant)
    throw new Error(
      `${visitor} was recorded in ${variant} and assigned to ${answer.variant}: ${JSON.stringify(answer)}`,
    );
  let requests = 1;
  const [visit, later] = [steps.filter(({ step }) => step !== 'pay'), steps.filter(({ step }) => step === 'pay')];
  for (const batch of [visit, later]) {
    const last = batch.at(-1);
    if (last === undefined) continue;
    const events = batch.map((event) => ({ experiment, visitor, step: event.step, at: event.at }));
    const { answers } = await postAt(last.at, site, routes.events.path, { events });
    for (const each of answers as { status: string }[])
      if (each.status === 'refused' || each.status === 'late')
        throw new Error(`an event of the replay was ${JSON.stringify(each)}`);
    requests += 1;
  }
  return requests;
}

/** Ids the real assignment sends to the variant asked for: candidates are drawn in order and kept for the variant they fall to. */
function visitorIds(experiment: Experiment): (variant: string) => string {
  const packed = pack(experiment);
  if (packed?.kind !== 'split') throw new Error(`${experiment.id} is ${experiment.status} and cannot be replayed into`);
  const spare = new Map<string, string[]>(packed.variants.map(({ id }) => [id, []]));
  let next = 0;
  return (variant) => {
    for (;;) {
      const kept = spare.get(variant)?.shift();
      if (kept) return kept;
      const candidate = `visitor-${(next++).toString(36).padStart(6, '0')}`;
      const index = assign(packed, candidate, {}, START).variant;
      spare.get(packed.variants[index]?.id ?? '')?.push(candidate);
    }
  };
}
