import type { Definition } from '#shared/experiment/definition.ts';
import { DAY_MS, HOUR_MS, WEEK_MS } from '#shared/experiment/time.ts';
import type { Random } from './random.ts';
import { passOf, type StageTruth, stepOf, type Truth } from './truth.ts';

/** One thing a visitor does, `afterMs` after being assigned. */
export type Deed = { readonly afterMs: number } & (
  | { readonly type: 'step'; readonly step: string; readonly value?: number }
  | { readonly type: 'commitment'; readonly activity: string; readonly eventId: string }
  | { readonly type: 'reply'; readonly activity: string; readonly to: string; readonly depth: number }
);

/** Somebody who will come: when, of which stage, and what they would do under every variant; which they get is for the platform to say. */
export type SimulatedVisitor = {
  readonly id: string;
  readonly enteredAt: number;
  readonly isMachine: boolean;
  readonly stage: StageTruth;
  readonly fates: ReadonlyMap<string, readonly Deed[]>;
};

export function drawVisitor(
  random: Random,
  truth: Truth,
  definition: Definition,
  index: number,
  dayStart: number,
): SimulatedVisitor {
  const stage = drawStage(random, truth);
  return {
    id: `sim-${index.toString(36).padStart(5, '0')}-${Math.floor(random.uniform() * 2 ** 32).toString(36)}`,
    enteredAt: dayStart + Math.floor(random.uniform() * DAY_MS),
    isMachine: random.uniform() < truth.machines,
    stage,
    fates: new Map(definition.variants.map(({ id }) => [id, drawDeeds(random, truth, definition, id, stage)])),
  };
}

/** Which stage a visitor is of, by the shares of the truth. */
function drawStage(random: Random, { stages }: Truth): StageTruth {
  let left = random.uniform();
  for (const stage of stages) {
    left -= stage.share;
    if (left < 0) return stage;
  }
  return stages.at(-1) as StageTruth;
}

/** All that a visitor of a stage will do under a variant, in the order of time. */
function drawDeeds(random: Random, truth: Truth, definition: Definition, variant: string, stage: StageTruth): Deed[] {
  return [...climb(random, truth, definition, variant, stage), ...keepDoing(random, truth, variant)].sort(
    (a, b) => a.afterMs - b.afterMs,
  );
}

function climb(random: Random, truth: Truth, definition: Definition, variant: string, stage: StageTruth): Deed[] {
  const deeds: Deed[] = [];
  let afterMs = 0;
  for (const { id: step } of definition.variants.find(({ id }) => id === variant)?.steps ?? []) {
    if (random.uniform() >= passOf(truth, definition, variant, step, stage)) break;
    const { medianHours, spread } = stepOf(truth, variant, step);
    afterMs += logNormal(random, medianHours, spread) * HOUR_MS;
    const isGoal = step === definition.goal;
    const value = isGoal && truth.value ? Math.round(logNormal(random, truth.value.median, truth.value.spread)) : 0;
    // A lost beacon is a step taken and not heard of.
    if (isGoal || random.uniform() >= truth.lostBeacons)
      deeds.push({ type: 'step', step, afterMs: Math.round(afterMs), ...(value > 0 && { value }) });
  }
  return deeds;
}

function keepDoing(random: Random, truth: Truth, variant: string): Deed[] {
  return Object.entries(truth.variants[variant]?.activities ?? {}).flatMap(([activity, about]) => {
    // Divided by the mean of the log-normal, so that the average person does `perWeek`.
    const person = Math.exp(about.spread * random.normal() - about.spread ** 2 / 2);
    const deeds: Deed[] = [];
    for (let week = 0; week < about.weeks; week += 1) {
      const rate = about.perWeek * about.fade ** week * person;
      if (rate === 0) continue;
      for (let at = random.exponential(1 / rate); at < 1; at += random.exponential(1 / rate)) {
        const afterMs = Math.round((week + at) * WEEK_MS);
        const eventId = `${activity}-${deeds.length}`;
        deeds.push({ type: 'commitment', activity, eventId, afterMs });
        if (about.replies && random.uniform() < about.replies.share)
          deeds.push({
            type: 'reply',
            activity,
            to: eventId,
            depth: 1 + Math.min(9, Math.floor(random.exponential(about.replies.depth))),
            afterMs: afterMs + Math.round(logNormal(random, about.replies.medianHours, about.replies.spread) * HOUR_MS),
          });
      }
    }
    return deeds;
  });
}

const logNormal = (random: Random, median: number, spread: number): number =>
  median * Math.exp(spread * random.normal());
