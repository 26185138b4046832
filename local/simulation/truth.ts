import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { Definition } from '#shared/experiment/definition.ts';
import { INTENTS } from '#shared/experiment/intent-stage.ts';
import { parsed } from '#shared/http/parsed.ts';
import { logistic, logit } from '#shared/statistics/logit.ts';

const share = z.number().check(z.minimum(0), z.maximum(1));
const positive = z.number().check(z.positive());

/** How one step is taken: by which share of those on the step below, and how long after it (log-normal). */
const StepTruth = z.strictObject({ pass: share, medianHours: positive, spread: z._default(positive, 1) });

/** How often people do something again and again, and what others make of it. */
const ActivityTruth = z.strictObject({
  /** Commitments in the first week, on average over people; each later week is `fade` times the one before. */
  perWeek: z.number().check(z.minimum(0)),
  fade: z._default(share, 1),
  weeks: z._default(z.int().check(z.minimum(1), z.maximum(26)), 4),
  /** Sd of the logarithm of what one person does: some do nothing, few do nearly everything. */
  spread: z._default(z.number().check(z.minimum(0)), 0),
  replies: z.optional(
    z.strictObject({ share, medianHours: positive, spread: z._default(positive, 1), depth: positive }),
  ),
});

/**
 * What is true in a simulation, so that a verdict can be held against it. Visitors are of stages of intent; a stage moves
 * everybody's odds at the goal by `logOdds`, and `interaction` those of one variant on top of that.
 */
export const Truth = z.strictObject({
  template: z.string(),
  summary: z.string(),
  /** How people come in: by an advertisement's redirect, by the links of e-mails, or assigned by a site. */
  way: z.enum(['redirect', 'links', 'site']),
  days: z.int().check(z.minimum(7), z.maximum(365)),
  /** Crawlers and scanners among those who come. */
  machines: z._default(share, 0),
  /** Beacons of steps that never arrive; the goal's are not among them, because the shop itself knows of an order. */
  lostBeacons: z._default(share, 0),
  stages: z
    .array(
      z.strictObject({
        stage: z.enum(INTENTS),
        share,
        attributes: z.record(z.string(), z.string()),
        logOdds: z._default(z.number(), 0),
        interaction: z._default(z.record(z.string(), z.number()), {}),
      }),
    )
    .check(z.minLength(1)),
  variants: z.record(
    z.string(),
    z.strictObject({
      steps: z.record(z.string(), StepTruth),
      activities: z._default(z.record(z.string(), ActivityTruth), {}),
    }),
  ),
  /** What the goal is worth, in the smallest unit of the currency (log-normal). */
  value: z.optional(z.strictObject({ median: positive, spread: positive })),
});
export type Truth = z.output<typeof Truth>;
export type StageTruth = Truth['stages'][number];

const FOLDER = new URL('../../samples/truths/', import.meta.url);

export const truthNames = (): string[] => readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

export const readTruth = (name: string): Truth =>
  parsed(Truth, JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')), `the truth ${name}`);

/**
 * The chance that somebody of a stage takes a step of a variant, given they are on the one below. What a stage does to the odds of
 * the goal it does to those of everyone assigned, and all of it at the last step: without an interaction every ladder's odds
 * move by the same factor, however long the ladder is.
 */
export function passOf(truth: Truth, definition: Definition, variant: string, step: string, stage: StageTruth): number {
  const { pass } = stepOf(truth, variant, step);
  const shift = stage.logOdds + (stage.interaction[variant] ?? 0);
  if (step !== definition.goal || shift === 0) return pass;
  const below = definition.variants
    .flatMap(({ id, steps }) => (id === variant ? steps.slice(0, -1) : []))
    .reduce((reach, { id }) => reach * stepOf(truth, variant, id).pass, 1);
  const goal = logistic(logit(below * pass) + shift);
  if (goal > below)
    throw new Error(`${stage.stage} cannot bring more people to the goal of ${variant} than come to its last step`);
  return goal / below;
}

export function stepOf(truth: Truth, variant: string, step: string): z.output<typeof StepTruth> {
  const found = truth.variants[variant]?.steps[step];
  if (found === undefined) throw new Error(`the truth says nothing of the step ${step} of ${variant}`);
  return found;
}

/** The share of a variant's visitors who reach the goal, of everybody or of one stage. Exact, but for windows that close early. */
export function trueGoalRate(truth: Truth, definition: Definition, variant: string, only?: StageTruth): number {
  const { steps } = definition.variants.find(({ id }) => id === variant) ?? { steps: [] };
  const stages = only ? [{ ...only, share: 1 }] : truth.stages;
  return stages.reduce(
    (sum, stage) =>
      sum + stage.share * steps.reduce((rate, { id }) => rate * passOf(truth, definition, variant, id, stage), 1),
    0,
  );
}
