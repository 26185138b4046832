import * as z from 'zod/mini';
import { oneLine } from './plain-text.ts';
import { slug } from './slug.ts';

/** A line that no variant may cross on its way to the goal, and what happens when one does. */
export const Guardrail = z.strictObject({
  /** How much worse than the control is still tolerated, as a share of the control's level. */
  margin: z._default(z.number().check(z.minimum(0), z.lt(1)), 0),
  /** `warn` says so in the report; `stop` pauses the experiment, so that everyone gets the control. */
  action: z._default(z.enum(['warn', 'stop']), 'warn'),
});
export type Guardrail = z.output<typeof Guardrail>;

/** An activity is a kind of commitment, such as `post` or `visit`; it is known by being named in a metric. */
const activity = slug('an activity');
/** Days after assignment in which commitments and values count; the experiment's window when absent. */
const days = z.optional(z.number().check(z.positive(), z.maximum(365)));

const direction = (usual: 'higher' | 'lower') => z._default(z.enum(['higher', 'lower']), usual);

const common = {
  id: slug('a metric id'),
  name: oneLine(120),
  /** Which direction is good. */
  better: direction('higher'),
  guardrail: z.optional(Guardrail),
};

/**
 * What is measured of a visitor besides the ladder. The visitor is always the unit: whoever does much weighs as much as whoever
 * does nothing. Metrics are told, and never name a winner; a guardrail among them can stop one.
 *
 * | kind | of one visitor |
 * |---|---|
 * | `value` | what steps and commitments were worth, in the smallest unit of the currency, at most `cap` |
 * | `count` | commitments of an activity, at most `cap` |
 * | `return` | weeks with a commitment, of the first `weeks` after assignment; week 1 begins with the assignment |
 * | `gap` | the longest stretch without a commitment of an activity, in hours |
 * | `response` | of their commitments, how many somebody replied to within `withinHours` |
 * | `depth` | of their commitments, how deep the replies went |
 */
export const Metric = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('value'),
    /** The largest value a visitor counts with. Fixed before the start: one large order must not decide. */
    cap: z.int().check(z.minimum(1), z.maximum(90_000_000)),
    days,
  }),
  z.strictObject({
    ...common,
    kind: z.literal('count'),
    activity,
    cap: z._default(z.int().check(z.minimum(1), z.maximum(1000)), 100),
    days,
  }),
  z.strictObject({
    ...common,
    kind: z.literal('return'),
    activity,
    weeks: z._default(z.int().check(z.minimum(1), z.maximum(26)), 4),
  }),
  // A long silence is no success, unless somebody says so.
  z.strictObject({ ...common, better: direction('lower'), kind: z.literal('gap'), activity, days }),
  z.strictObject({
    ...common,
    kind: z.literal('response'),
    activity,
    withinHours: z._default(z.number().check(z.positive(), z.maximum(720)), 24),
    days,
  }),
  z.strictObject({ ...common, kind: z.literal('depth'), activity, days }),
]);
export type Metric = z.output<typeof Metric>;
export type MetricKind = Metric['kind'];
