import * as z from 'zod/mini';
import { STATUSES } from '../experiment/lifecycle.ts';
import { PROBLEMS, type ProblemCode } from '../problem/problem.ts';
import { KEY_LIMITS } from './keys.ts';
import { ERROR_CODES, REASONS } from './ofrep.ts';

/** What the API answers. Nothing is validated with these at run time: they describe, and the tests hold real answers against them. */
const id = z.string();
const instant = z.int();

export const ProblemAnswer = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string(),
  issues: z.optional(z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))),
});

const LadderStep = z.object({ id, name: z.string(), stage: z.optional(z.string()), url: z.optional(z.string()) });

export const AssignAnswer = z.strictObject({
  experiment: id,
  visitor: z.string(),
  variant: z.string(),
  assigned: z.boolean(),
  reason: z.enum([
    'split',
    'sticky',
    'forced',
    'not-running',
    'not-targeted',
    'outside-traffic',
    'held-out',
    'excluded',
    'bot',
  ]),
  sequence: z.int(),
  /** What to show. Always there: whoever is not assigned gets the control, or what was shipped. */
  steps: z.array(LadderStep),
});
export type AssignAnswer = z.output<typeof AssignAnswer>;

const REFUSED_EVENT_CODES = [
  'event-invalid',
  'token-expired',
  'token-forged',
  'visitor-uncounted',
  'experiment-unknown',
  'experiment-concluded',
  'experiment-of-other-project',
  'step-unknown',
  'step-missing',
  'step-of-other-variant',
  'activity-unknown',
  'journey-full',
  'step-of-servers',
  'too-many-visitors',
  'too-many-experiments',
  'visitor-not-assigned',
] as const;

const FAILED_EVENT_CODES = ['store-busy', 'internal'] as const;

const eventId = z.optional(z.string());
const EventAnswer = z.union([
  z.strictObject({ eventId, status: z.literal('recorded'), clamped: z.optional(z.literal(true)) }),
  z.strictObject({ eventId, status: z.enum(['duplicate', 'late']) }),
  z.strictObject({
    eventId,
    status: z.literal('refused'),
    code: z.enum(REFUSED_EVENT_CODES),
    message: z.string(),
    issues: ProblemAnswer.shape.issues,
  }),
  z.strictObject({ eventId, status: z.literal('failed'), code: z.enum(FAILED_EVENT_CODES), message: z.string() }),
]);
export const EventsAnswer = z.strictObject({ answers: z.array(EventAnswer) });

export const PackedAnswer = z.looseObject({
  id,
  kind: z.enum(['split', 'fixed']),
  revision: z.int(),
  variants: z.array(z.looseObject({ id })),
});

export const FlagAnswer = z.strictObject({
  key: z.string(),
  reason: z.enum(REASONS),
  /** The id of the variant, or its ladder. Without it, the default in the caller's code holds. */
  value: z.optional(
    z.union([z.string(), z.strictObject({ variant: z.string(), version: z.int(), steps: z.array(LadderStep) })]),
  ),
  variant: z.optional(z.string()),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export const FlagsAnswer = z.strictObject({ flags: z.array(FlagAnswer) });
export const FlagFailure = z.strictObject({
  key: z.optional(z.string()),
  errorCode: z.enum(ERROR_CODES),
  errorDetails: z.string(),
});

export const KeyAnswer = z.looseObject({
  id,
  kind: z.enum(['publishable', 'secret']),
  name: z.string(),
  projects: z.array(z.string()),
  origins: z.array(z.string()),
  requestsPerSecond: z.int().check(z.maximum(KEY_LIMITS.requestsPerSecond)),
  secrets: z.array(z.strictObject({ since: instant, until: z.optional(instant) })),
  createdAt: instant,
  createdBy: z.string(),
  revokedAt: z.optional(instant),
});
/** `key` is shown here and never again. */
export const IssuedKeyAnswer = z.extend(KeyAnswer, { key: z.string() });
export const KeysAnswer = z.object({ keys: z.array(KeyAnswer) });

const SettingsRevision = z.strictObject({ revision: z.int(), at: instant, by: z.string(), holdout: z.number() });
/** As the settings are after a change. */
export const ChangedSettingsAnswer = SettingsRevision;
/** Revision 0 is of nobody: nothing was ever set. */
export const SettingsAnswer = z.strictObject({
  revision: z.int(),
  at: z.optional(instant),
  by: z.optional(z.string()),
  holdout: z.number(),
  revisions: z.array(SettingsRevision),
});

export const ExperimentAnswer = z.looseObject({
  id,
  status: z.enum(STATUSES),
  revision: z.int(),
  definition: z.looseObject({ id }),
});
export const ExperimentsAnswer = z.object({ experiments: z.array(ExperimentAnswer) });
export const RevisionsAnswer = z.object({
  revisions: z.array(z.looseObject({ revision: z.int(), at: instant, by: z.string(), action: z.string() })),
});
export const ReportAnswer = z.looseObject({ experiment: z.looseObject({ id }), verdict: z.looseObject({}) });
export const FrictionsAnswer = z.strictObject({
  frictions: z.array(
    z.strictObject({
      friction: z.string(),
      value: z.union([z.string(), z.number(), z.boolean()]),
      experiments: z.int(),
      steps: z.int(),
      came: z.int(),
      took: z.int(),
      pass: z.strictObject({ mean: z.number(), low: z.number(), high: z.number() }),
    }),
  ),
});
export const ReportsAnswer = z.object({
  reports: z.array(
    z.looseObject({
      writtenAt: instant,
      label: z.string(),
      verdict: z.looseObject({ kind: z.string(), variant: z.optional(id), sentence: z.string() }),
      counted: z.int(),
      drift: z.int(),
      variants: z.array(
        z.looseObject({
          id,
          counted: z.int(),
          goals: z.int(),
          goalRate: z.looseObject({ mean: z.number() }),
          best: z.number(),
        }),
      ),
    }),
  ),
});
export const PublicationAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('published'), revision: z.int(), bytes: z.int() }),
  z.strictObject({
    kind: z.literal('withheld'),
    reason: z.enum(['not-wanted', 'draft', 'no-address', 'too-large']),
    bytes: z.optional(z.int()),
  }),
]);
export const TallyAnswer = z.object({ experiment: id, cells: z.record(z.string(), z.record(z.string(), z.number())) });
export const LinkAnswer = z.looseObject({ id, experiment: id, step: z.string(), path: z.string(), createdAt: instant });
export const RecipientsAnswer = z.object({
  recipients: z.array(
    z.object({ id, recipient: z.string(), variant: z.optional(z.string()), assigned: z.optional(z.boolean()) }),
  ),
});

export const IdentifyAnswer = z.strictObject({
  visitor: z.string(),
  knownAs: z.string(),
  experiments: z.array(
    z.strictObject({
      experiment: id,
      outcome: z.enum(['taken-over', 'merged', 'conflict', 'linked', 'known', 'known-otherwise', 'too-many']),
      variant: id,
    }),
  ),
});

/** The experiments the visitor was in. */
export const ErasedAnswer = z.object({ erasedFrom: z.array(id) });

/** How far the live counts were off, in how many cells, and how far they are off now. */
export const RepairedAnswer = z.strictObject({ experiment: id, drift: z.int(), cells: z.int(), left: z.int() });
export const RotatedSecretAnswer = z.strictObject({ signsFrom: instant });
