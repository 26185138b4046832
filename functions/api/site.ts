import * as z from 'zod/mini';
import type { AssignAnswer } from '#shared/contracts/answers.ts';
import { AssignRequest } from '#shared/contracts/assign.ts';
import { EventRequest, EventsRequest } from '#shared/contracts/events.ts';
import { IdentifyRequest } from '#shared/contracts/identify.ts';
import { routes } from '#shared/contracts/routes.ts';
import { projectOf } from '#shared/experiment/project.ts';
import { siteGate } from '#shared/http/access.ts';
import { endpoint, type HttpHandler, httpHandler, type ReportBug, type Request } from '#shared/http/endpoint.ts';
import { issuesOf, parsed } from '#shared/http/parsed.ts';
import { permit } from '#shared/http/permit.ts';
import { json } from '#shared/http/reply.ts';
import { pageSignalsOf } from '#shared/http/signals.ts';
import { Problem } from '#shared/problem/problem.ts';
import { busy } from '#shared/problem/store-busy.ts';
import type { TokenSecret } from '#shared/token/token.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { eventOfToken } from '#shared/usecases/event-of-token.ts';
import { identifyVisitor } from '#shared/usecases/identify-visitor.ts';
import { findLive } from '#shared/usecases/live-experiments.ts';
import { asTold, moreThanOfAPage, type PageRefusal } from '#shared/usecases/page-events.ts';
import { type Answer, recordEvents } from '#shared/usecases/record-events.ts';
import type { VisitorEvent } from '#shared/usecases/visitor-event.ts';
import { ofrepEndpoints } from './ofrep.ts';

type Options = {
  /** `open` lets this machine in without a key; everywhere else a key is needed. */
  readonly access?: 'keys' | 'open';
  /** For rates: a clock that only goes forward, ms. */
  readonly elapsed?: () => number;
};

/** What sites call: assign a visitor, record what they do, say who they are, evaluate flags. */
export const siteApi = (
  deps: Deps,
  reportBug: ReportBug,
  { access = 'keys', elapsed = () => performance.now() }: Options = {},
): HttpHandler =>
  httpHandler(
    [
      endpoint(routes.assign, async ({ body, headers, mayUse }) => {
        const { experiment, visitor = deps.newId(), attributes = {} } = parsed(AssignRequest, body, 'the assignment');
        const live = await findLive(deps.live, experiment);
        permit(mayUse, live.experiment);
        const visit = { visitor, attributes, source: 'api', signals: pageSignalsOf(headers) } as const;
        const { assignment, variant } = await assignVisitor(deps, live, visit);
        const steps = live.experiment.definition.variants.find(({ id }) => id === variant)?.steps ?? [];
        return json(200, {
          experiment,
          visitor,
          variant,
          assigned: assignment.kind === 'assigned',
          reason: assignment.reason,
          sequence: live.packed.sequence,
          steps: steps.map(({ id, name, url }) => ({ id, name, url })),
        } satisfies AssignAnswer);
      }),

      endpoint(routes.events, async ({ body, headers, mayUse, isPage, requestId }) => {
        const sent = eventsIn(body);
        const secret = await deps.secrets.tokenSecret();
        const asked = sent.map((event) => readEvent(event, secret, deps.clock()));
        const over: ReadonlyMap<Read, PageRefusal> = isPage ? moreThanOfAPage(asked.filter(isEvent)) : new Map();
        const read = await Promise.all(
          asked.map(async (each) => {
            if (!isEvent(each)) return each;
            const told = over.get(each) ?? (await permitted(deps, mayUse, isPage, each));
            return 'status' in told ? { ...(each.eventId !== undefined && { eventId: each.eventId }), ...told } : told;
          }),
        );
        const good = read.flatMap((each) => ('status' in each ? [] : [each]));
        const report = (error: unknown) => reportBug(error, { method: 'POST', path: routes.events.path, requestId });
        const recorded = await recordEvents(deps, good, pageSignalsOf(headers), report);
        if (recorded.length === sent.length && recorded.every(({ status }) => status === 'failed'))
          throw allFailed(recorded);
        const answers = recorded[Symbol.iterator]();
        return json(200, { answers: read.map((each) => ('status' in each ? each : answers.next().value)) });
      }),

      endpoint(routes.identify, async ({ body, mayUse }) => {
        const { visitor, knownAs } = parsed(IdentifyRequest, body, 'the request');
        const experiments = [...(await deps.heldExperiments()).values()]
          .map(({ experiment }) => experiment)
          .filter(({ status }) => status === 'running' || status === 'paused')
          .filter(({ definition }) => mayUse(projectOf(definition)))
          .map(({ id }) => id);
        return json(200, { visitor, knownAs, experiments: await identifyVisitor(deps, experiments, visitor, knownAs) });
      }),

      endpoint(routes.packed, async ({ path, mayUse }) => {
        const live = await findLive(deps.live, path.experiment ?? '');
        permit(mayUse, live.experiment);
        // Held by a browser for a minute; private, because the answer is to whoever holds the key.
        return json(200, live.packed, { 'cache-control': 'private, max-age=60' });
      }),

      ...ofrepEndpoints(deps),
    ],
    reportBug,
    siteGate({ heldKey: deps.heldKey, clock: deps.clock, elapsed, access }),
  );

/** What a request brings: a batch, or one event bare. Only a batch can spoil as a whole. */
function eventsIn(body: unknown): readonly unknown[] {
  const { key: _, ...bare } = (body ?? {}) as Record<string, unknown>;
  const isBare = !('events' in bare) && ('experiment' in bare || 'token' in bare);
  return isBare ? [bare] : parsed(EventsRequest, body, 'the request').events;
}

/** Where nothing came of any event, the request as a whole is refused for now. */
const allFailed = (answers: readonly Answer[]): Problem =>
  answers.some((each) => each.status === 'failed' && each.code === 'store-busy')
    ? busy()
    : new Problem('internal', 'something went wrong on our side; it has been reported');

type Read = ReturnType<typeof readEvent>;

const isEvent = (read: Read): read is Extract<Read, VisitorEvent> => !('status' in read);

/** The event as the caller may tell it, or why not. An experiment nobody knows is answered as such later. */
async function permitted({ live }: Deps, mayUse: Request['mayUse'], isPage: boolean, event: VisitorEvent) {
  const found = await live(event.experiment);
  if (found === undefined) return event;
  const { definition } = found.experiment;
  if (mayUse(projectOf(definition))) return isPage ? asTold(event, definition) : event;
  return {
    status: 'refused',
    code: 'experiment-of-other-project',
    message: `the key is not for the project of ${event.experiment}`,
  } as const;
}

/** One event of a batch, or the answer to one that cannot be used. */
function readEvent(sent: unknown, secret: TokenSecret, now: number) {
  const result = z.safeParse(EventRequest, sent);
  if (result.success) {
    const event = eventOfToken(result.data, secret, now);
    return 'status' in event && result.data.eventId !== undefined ? { eventId: result.data.eventId, ...event } : event;
  }
  const { eventId } = (sent ?? {}) as { eventId?: unknown };
  return {
    ...(typeof eventId === 'string' && eventId.length <= 64 && { eventId }),
    status: 'refused',
    code: 'event-invalid',
    message: 'the event has fields that cannot be used',
    issues: issuesOf(result.error),
  } as const;
}
