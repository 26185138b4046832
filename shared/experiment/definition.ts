import * as z from 'zod/mini';
import { Allocation } from './allocation.ts';
import { Condition } from './condition.ts';
import { instant } from './instant.ts';
import { Intent } from './intent.ts';
import { INTENT_SEGMENT, INTENTS } from './intent-stage.ts';
import { LayerSlice } from './layer.ts';
import { Metric } from './metric.ts';
import { oneLine, severalLines } from './plain-text.ts';
import { Policy } from './policy.ts';
import { Reporting } from './reporting.ts';
import { segmentKey } from './segment-key.ts';
import { slug } from './slug.ts';
import { Step } from './step.ts';

export const LIMITS = {
  variants: 10,
  steps: 12,
  forced: 50,
  conditions: 20,
  segments: 3,
  segmentValues: 12,
  segmentKey: 700,
  metrics: 8,
  ramp: 20,
} as const;

/** A named sequence of steps with a weight. Weights are integers; only their ratios matter. */
export const Variant = z.strictObject({
  id: slug('a variant id'),
  name: oneLine(120),
  /** At most 100,000, so that the ends of all slices are exact integers on the line of 2^32. */
  weight: z._default(z.int().check(z.minimum(0), z.maximum(100_000)), 1),
  steps: z.array(Step).check(z.minLength(1), z.maxLength(LIMITS.steps)),
  /** What the variant costs, in the smallest unit of the currency: for the return on what was spent. */
  cost: z.optional(
    z.strictObject({
      perVisitor: z._default(z.number().check(z.minimum(0), z.maximum(90_000_000)), 0),
      fixed: z._default(z.number().check(z.minimum(0), z.maximum(9e12)), 0),
    }),
  ),
});
export type Variant = z.output<typeof Variant>;

/** An attribute whose value is frozen on the journey at assignment, so that results can be read by it. */
export const Segment = z.strictObject({
  attribute: oneLine(64),
  /** Every other value counts as `other`, a missing one as `unknown`: the tallies stay small whatever a site sends. */
  values: z.array(oneLine(64)).check(z.minLength(1), z.maxLength(LIMITS.segmentValues)),
});

/**
 * What a person writes: the question, its variants and how it will be decided. Plain JSON.
 * The platform adds the rest (status, revision, salt, sequence versions) in an `Experiment`.
 */
export const Definition = z
  .strictObject({
    id: slug('an experiment id'),
    name: oneLine(120),
    hypothesis: z.optional(severalLines(2000)),
    /** Whose experiment it is: keys of other projects cannot touch it. `main` when absent. */
    project: z.optional(slug('a project')),
    goal: slug('the goal'),
    control: slug('the control'),
    variants: z.array(Variant).check(z.minLength(2), z.maxLength(LIMITS.variants)),
    /** Share of the audience that takes part. */
    traffic: z._default(z.number().check(z.minimum(0), z.maximum(1)), 1),
    /** Shares it grows to, each from an instant on. Only ever more: whoever takes part stays. */
    ramp: z._default(
      z
        .array(z.strictObject({ at: instant, traffic: z.number().check(z.minimum(0), z.maximum(1)) }))
        .check(z.maxLength(LIMITS.ramp)),
      [],
    ),
    /** Keeps its visitors out of the other experiments of the layer. */
    layer: z.optional(LayerSlice),
    audience: z._default(z.array(Condition).check(z.maxLength(LIMITS.conditions)), []),
    segments: z._default(z.array(Segment).check(z.maxLength(LIMITS.segments)), []),
    /** Tells early from late visitors, so that each stage may have its own winner if it clearly has one. */
    intent: z.optional(Intent),
    /** What is measured besides the ladder. */
    metrics: z._default(z.array(Metric).check(z.maxLength(LIMITS.metrics)), []),
    /** Visitors of the team who see a given variant; they are never counted. */
    forced: z._default(z.record(z.string().check(z.minLength(1), z.maxLength(128)), slug('a variant id')), {}),
    /** When visitors may join. Steps of those who did still count until their window closes. */
    enrolment: z._default(z.strictObject({ from: z.optional(instant), until: z.optional(instant) }), {}),
    /** Days after assignment in which steps count. */
    windowDays: z._default(z.number().check(z.positive(), z.maximum(365)), 7),
    policy: z.prefault(Policy, {}),
    /** Where reports go; nowhere when absent. */
    reporting: z.optional(Reporting),
    allocation: z.prefault(Allocation, {}),
    /** Answer its redirects at the edge, where the installation has one; the denominator is then approximate. */
    edge: z._default(z.boolean(), false),
    /** Days after assignment until a journey is deleted; the tallies stay. */
    retentionDays: z._default(z.int().check(z.minimum(1), z.maximum(36_500)), 395),
  })
  .check((context) => {
    const definition = context.value;
    const refuse = (path: (string | number)[], message: string) =>
      context.issues.push({ code: 'custom', input: definition, path, message });

    for (const [index, id] of repeated(definition.variants.map(({ id }) => id)))
      refuse(['variants', index, 'id'], `is used by two variants: ${id}`);
    const ids = new Set(definition.variants.map(({ id }) => id));
    if (!ids.has(definition.control)) refuse(['control'], `names no variant; the variants are ${[...ids].join(', ')}`);
    if (definition.variants.every(({ weight }) => weight === 0))
      refuse(['variants'], 'need at least one positive weight');

    definition.variants.forEach(({ id, steps }, index) => {
      for (const [step, stepId] of repeated(steps.map((each) => each.id)))
        refuse(['variants', index, 'steps', step, 'id'], `is used by two steps of ${id}: ${stepId}`);
      const last = steps.at(-1);
      if (last && last.id !== definition.goal)
        refuse(
          ['variants', index, 'steps', steps.length - 1, 'id'],
          `must be the goal ${definition.goal}: every ladder ends there`,
        );
      if (last && !last.observed)
        refuse(
          ['variants', index, 'steps', steps.length - 1, 'observed'],
          'must be true: a goal nobody counts decides nothing',
        );
    });

    for (const [index, { steps }] of definition.variants.entries())
      for (const [step, { url }] of steps.entries())
        if (url && URL.canParse(url) && new URL(url).pathname === `/go/${definition.id}`)
          refuse(['variants', index, 'steps', step, 'url'], 'leads back to the redirect of this experiment');
    const withUrl = definition.variants.filter(({ steps }) => steps[0]?.url);
    if (withUrl.length > 0 && withUrl.length < definition.variants.length)
      definition.variants.forEach(({ steps }, index) => {
        if (!steps[0]?.url)
          refuse(
            ['variants', index, 'steps', 0, 'url'],
            'is missing while other variants have one: a redirect needs a first step for all',
          );
      });

    for (const [visitor, variant] of Object.entries(definition.forced))
      if (!ids.has(variant)) refuse(['forced', visitor], `names no variant: ${variant}`);
    if (Object.keys(definition.forced).length > LIMITS.forced)
      refuse(['forced'], `has more than ${LIMITS.forced} visitors`);
    for (const [index, attribute] of repeated(definition.segments.map((segment) => segment.attribute)))
      refuse(['segments', index, 'attribute'], `is declared twice: ${attribute}`);
    for (const [index, { attribute }] of definition.segments.entries())
      if (definition.intent && attribute === INTENT_SEGMENT)
        refuse(['segments', index, 'attribute'], `is the name under which the intent is kept: ${attribute}`);
    for (const [index, id] of repeated(definition.metrics.map((metric) => metric.id)))
      refuse(['metrics', index, 'id'], `is used by two metrics: ${id}`);
    definition.ramp.forEach(({ at, traffic }, index) => {
      const before = definition.ramp[index - 1];
      if (traffic < (before?.traffic ?? definition.traffic))
        refuse(['ramp', index, 'traffic'], 'must not be less than before: a share that shrinks would cut off visitors');
      if (before && Date.parse(at) <= Date.parse(before.at))
        refuse(['ramp', index, 'at'], `must be later than ${before.at}`);
    });

    const longest = [
      ...definition.segments.map(({ attribute, values }) => ({ [attribute]: longestEncoded(values) })),
      ...(definition.intent ? [{ [INTENT_SEGMENT]: longestEncoded(INTENTS) }] : []),
    ];
    if (segmentKey(Object.assign({}, ...longest)).length > LIMITS.segmentKey)
      refuse(['segments'], `make keys of more than ${LIMITS.segmentKey} characters; use shorter names or values`);
    if (definition.retentionDays < definition.windowDays + 1)
      refuse(['retentionDays'], 'must be longer than the window, or journeys are gone before they are mature');
    const { from, until } = definition.enrolment;
    if (from && until && Date.parse(from) >= Date.parse(until))
      refuse(['enrolment', 'until'], `must be later than from, ${from}`);
  });
export type Definition = z.output<typeof Definition>;

/** The later places of values that stand twice, with the value. */
function repeated(values: readonly string[]): (readonly [number, string])[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [[index, value] as const] : []));
}

const longestEncoded = (values: readonly string[]): string =>
  values.reduce(
    (longest, value) => (encodeURIComponent(value).length > encodeURIComponent(longest).length ? value : longest),
    '',
  );
