import * as z from 'zod/mini';

/** The five reasons of the OpenFeature Remote Evaluation Protocol 0.3.0. OpenFeature itself knows more; a server may not send them. */
export const REASONS = ['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'UNKNOWN'] as const;
export type Reason = (typeof REASONS)[number];

export const ERROR_CODES = [
  'PARSE_ERROR',
  'TARGETING_KEY_MISSING',
  'INVALID_CONTEXT',
  'FLAG_NOT_FOUND',
  'GENERAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Any attributes beside; those that an audience or a segment names decide, if they are text, a number or a boolean. */
export const EvaluationRequest = z.looseObject({
  context: z.looseObject({
    /** The visitor: an opaque id. */
    targetingKey: z.string().check(z.minLength(1), z.maxLength(128)),
    /** True counts the visitor in with this evaluation. Of single evaluations only. */
    $expose: z.optional(z.boolean()),
    /** `sequence` asks for the whole ladder instead of the id of the variant. */
    'stepladder.value': z.optional(z.enum(['variant', 'sequence'])),
  }),
});

/** A flag's suffix that asks for the whole ladder, as an object. No experiment id has a dot. */
export const SEQUENCE_SUFFIX = '.sequence';
