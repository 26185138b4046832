import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type ErrorCode, SEQUENCE_SUFFIX } from '#shared/contracts/ofrep.ts';
import { routes } from '#shared/contracts/routes.ts';
import { VisitorId } from '#shared/contracts/visitor.ts';
import { currentSequence } from '#shared/experiment/experiment.ts';
import type { Attributes } from '#shared/experiment/packed.ts';
import { projectOf } from '#shared/experiment/project.ts';
import { type Endpoint, endpoint, type Refuse, type Request } from '#shared/http/endpoint.ts';
import { permit } from '#shared/http/permit.ts';
import { json, type Reply, retryAfter } from '#shared/http/reply.ts';
import { pageSignalsOf } from '#shared/http/signals.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { evaluateFlag, type FlagState } from '#shared/usecases/evaluate-flag.ts';

/**
 * The OpenFeature Remote Evaluation Protocol: any OpenFeature client asks for experiments as flags. A flag is named as its
 * experiment; its value is the id of the visitor's variant, or of `NAME.sequence` the variant's whole ladder.
 */
export const ofrepEndpoints = (deps: Deps): Endpoint[] => [
  endpoint(
    routes.evaluateFlag,
    async ({ path, body, headers, mayUse }) => {
      const name = path.key ?? '';
      const context = readContext(body);
      if ('errorCode' in context) return failure(400, context.errorCode, context.errorDetails, name);
      const id = name.endsWith(SEQUENCE_SUFFIX) ? name.slice(0, -SEQUENCE_SUFFIX.length) : name;
      const held = (await deps.heldExperiments()).get(id);
      if (held === undefined) return failure(404, 'FLAG_NOT_FOUND', `no experiment is called ${id}`, name);
      permit(mayUse, held.experiment);
      const secret = await deps.secrets.tokenSecret();
      const state = await evaluateFlag(deps, held, visitOf(context, headers), secret, context.expose);
      return json(200, flagOf(state, name, context.sequence || name !== id));
    },
    refuse,
  ),

  endpoint(
    routes.evaluateFlags,
    async ({ body, headers, mayUse }) => {
      const context = readContext(body);
      if ('errorCode' in context) return failure(400, context.errorCode, context.errorDetails);
      const secret = await deps.secrets.tokenSecret();
      const experiments = [...(await deps.heldExperiments()).values()]
        .filter(({ experiment }) => mayUse(projectOf(experiment.definition)))
        .sort((a, b) => (a.experiment.id < b.experiment.id ? -1 : 1));
      const visit = visitOf(context, headers);
      const states = await Promise.all(experiments.map((held) => evaluateFlag(deps, held, visit, secret)));
      const flags = states.flatMap((state) => {
        const { id } = state.experiment;
        return [flagOf(state, id, context.sequence), flagOf(state, id + SEQUENCE_SUFFIX, true)];
      });
      return tagged({ flags }, headers['if-none-match']);
    },
    refuse,
  ),
];

/**
 * The client reads an error only where it finds a code in it, whatever the status, and knows no statuses but these: all that
 * is nobody's fault is a 500, all that is the request's a 400.
 */
const refuse: Refuse = (problem, { key }) => {
  if (problem.code === 'request.not-json') return failure(400, 'PARSE_ERROR', problem.message, key);
  const status = problem.status >= 500 ? 500 : [401, 403, 429].includes(problem.status) ? problem.status : 400;
  return failure(status, 'GENERAL', problem.message, key, retryAfter(problem));
};

const failure = (
  status: number,
  errorCode: ErrorCode,
  errorDetails: string,
  key?: string,
  headers: Record<string, string> = {},
): Reply => json(status, { ...(key !== undefined && { key }), errorCode, errorDetails }, headers);

/** Over the whole answer: a tag of the configuration alone would answer "unchanged" to a visitor whose attributes changed. */
function tagged(body: object, known: string | undefined): Reply {
  const tag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}"`;
  const matches = known?.split(',').some((each) => each.trim().replace(/^W\//, '') === tag);
  return matches
    ? { statusCode: 304, headers: { etag: tag, 'cache-control': 'no-store' }, body: '' }
    : json(200, body, { etag: tag });
}

/** The same type of value whatever happens, because a client refuses a flag whose type differs from its default's. */
function flagOf(state: FlagState, key: string, asSequence: boolean) {
  const { experiment, variant, reason, variantIndex, assignment, exposureToken, exposed } = state;
  const { version } = currentSequence(experiment);
  return {
    key,
    reason,
    ...(variant && {
      value: asSequence
        ? {
            variant: variant.id,
            version,
            steps: variant.steps.map(({ id, name, stage, url }) => ({ id, name, stage, url })),
          }
        : variant.id,
      variant: variant.id,
    }),
    metadata: {
      experiment: experiment.id,
      sequenceVersion: version,
      ...(variantIndex !== undefined && { variantIndex }),
      assignment,
      ...(exposureToken !== undefined && { exposureToken }),
      exposed,
    },
  };
}

type Context = {
  readonly visitor: string;
  readonly attributes: Attributes;
  readonly sequence: boolean;
  readonly expose: boolean;
};
type Unreadable = { readonly errorCode: ErrorCode; readonly errorDetails: string };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readContext(body: unknown): Context | Unreadable {
  if (!isObject(body)) return unreadable('PARSE_ERROR', 'the body is no JSON object');
  const { context = {} } = body;
  if (!isObject(context)) return unreadable('INVALID_CONTEXT', 'the context is no JSON object');
  const { targetingKey } = context;
  if (targetingKey === undefined || targetingKey === null || targetingKey === '')
    return unreadable('TARGETING_KEY_MISSING', 'the context needs a targetingKey: the opaque id of the visitor');
  const visitor = z.safeParse(VisitorId, targetingKey);
  if (!visitor.success)
    return unreadable('INVALID_CONTEXT', `targetingKey ${visitor.error.issues[0]?.message ?? 'cannot be used'}`);
  const { stepladder } = context;
  const wanted = context['stepladder.value'] ?? (isObject(stepladder) ? stepladder.value : undefined);
  return {
    visitor: visitor.data,
    attributes: attributesIn(context),
    sequence: wanted === 'sequence',
    expose: context.$expose === true,
  };
}

const unreadable = (errorCode: ErrorCode, errorDetails: string): Unreadable => ({ errorCode, errorDetails });

/** A context may hold anything; audiences and segments know text, numbers and booleans. */
const attributesIn = (context: Record<string, unknown>): Attributes =>
  Object.fromEntries(
    Object.entries(context).filter(
      (entry): entry is [string, string | number | boolean] =>
        entry[0] !== 'targetingKey' && ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );

const visitOf = ({ visitor, attributes }: Context, headers: Request['headers']) =>
  ({ visitor, attributes, source: 'api', signals: pageSignalsOf(headers) }) as const;
