import * as z from 'zod/mini';
import { Attributes, VisitorId } from './visitor.ts';

export const EVENT_LIMITS = { batch: 100, value: 90_000_000, depth: 50 } as const;

const time = z.union([
  z.int().check(z.positive()),
  z.pipe(
    z.iso.datetime({ offset: true }),
    z.transform((text) => Date.parse(text)),
  ),
]);

/** An id of an event, in a place of its own. */
const eventId = z.string().check(z.minLength(1), z.maxLength(64));
/** What an event must have because of its type. */
const NEEDED = { commitment: ['activity', 'eventId'], reply: ['activity', 'to'] } as const;

/** One event as a site sends it. Unknown fields are refused, so that a misspelt one is not silently lost. */
export const EventRequest = z
  .strictObject({
    type: z._default(z.enum(['step', 'exposure', 'arrival', 'interaction', 'commitment', 'reply']), 'step'),
    /** Given back in the answer, so that a client can match the two. A commitment needs one: each counts once per id. */
    eventId: z.optional(eventId),
    /** Either a token of ours, or the experiment and the visitor by name. */
    token: z.optional(z.string().check(z.minLength(1), z.maxLength(1024))),
    experiment: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
    visitor: z.optional(VisitorId),
    step: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
    /** When it happened on the client: ms since 1970, or ISO 8601 with a zone. Moved into the last 48 hours. */
    at: z.optional(time),
    /** In the smallest unit of the currency, so that sums are exact: 29.90 is 2990. */
    value: z.optional(z.int().check(z.minimum(0), z.maximum(EVENT_LIMITS.value))),
    attributes: z.optional(Attributes),
    /** Of a commitment or a reply: which of the activities that the experiment's metrics name. */
    activity: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
    /** Of a reply: the event id of the commitment of this visitor that somebody replied to. */
    to: z.optional(eventId),
    /** Of a reply: how deep in the thread below the commitment; 1 when absent. */
    depth: z.optional(z.int().check(z.minimum(1), z.maximum(EVENT_LIMITS.depth))),
  })
  .check((context) => {
    const { type, token, experiment, visitor } = context.value;
    for (const field of type === 'commitment' || type === 'reply' ? NEEDED[type] : [])
      if (context.value[field] === undefined)
        context.issues.push({
          code: 'custom',
          input: context.value,
          path: [field],
          message: `is missing, and a ${type} needs it`,
        });
    if (token !== undefined) return;
    if (experiment === undefined)
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: ['experiment'],
        message: 'is missing, and there is no token to take it from',
      });
    if (visitor === undefined)
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: ['visitor'],
        message: 'is missing, and there is no token to take it from',
      });
  });
export type EventRequest = z.output<typeof EventRequest>;

/**
 * A batch is checked only for being one; each event in it is checked on its own, so that one bad event
 * never costs the good ones beside it. A single event may also be sent bare.
 */
export const EventsRequest = z.strictObject({
  /** The key, where a header cannot carry it: `sendBeacon` has none. */
  key: z.optional(z.string().check(z.maxLength(128))),
  events: z.array(z.unknown()).check(z.minLength(1), z.maxLength(EVENT_LIMITS.batch)),
});
