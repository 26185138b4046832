import * as z from 'zod/mini';
import { AssignRequest, type AssignResponse } from '#shared/contracts/assign.ts';
import { EventRequest, EventsRequest } from '#shared/contracts/events.ts';
import { routes } from '#shared/contracts/routes.ts';
import { endpoint, type HttpHandler, httpHandler, type ReportBug } from '#shared/http/endpoint.ts';
import { issuesOf, parsed } from '#shared/http/parsed.ts';
import { json } from '#shared/http/reply.ts';
import { pageSignalsOf } from '#shared/http/signals.ts';
import { Problem } from '#shared/problem/problem.ts';
import type { TokenSecret } from '#shared/token/token.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { eventOfToken } from '#shared/usecases/event-of-token.ts';
import { recordEvents } from '#shared/usecases/record-events.ts';

/** What sites call: assign a visitor, record what they do. */
export const siteApi = (deps: Deps, reportBug: ReportBug): HttpHandler =>
  httpHandler(
    [
      endpoint(routes.assign, async ({ body, headers }) => {
        const { experiment, visitor = deps.newId(), attributes = {} } = parsed(AssignRequest, body, 'the assignment');
        const live = await deps.live(experiment);
        if (live === undefined)
          throw new Problem('experiment.not-found', `no started experiment is called ${experiment}`);
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
        } satisfies AssignResponse);
      }),

      endpoint(routes.events, async ({ body, headers }) => {
        const request = parsed(EventsRequest, body, 'the request');
        const sent: readonly unknown[] =
          'events' in request && Array.isArray(request.events) ? request.events : [request];
        const secret = await deps.secrets.tokenSecret();
        const read = sent.map((event) => readEvent(event, secret, deps.clock()));
        const good = read.flatMap((each) => ('status' in each ? [] : [each]));
        const answers = (await recordEvents(deps, good, pageSignalsOf(headers)))[Symbol.iterator]();
        return json(200, { answers: read.map((each) => ('status' in each ? each : answers.next().value)) });
      }),
    ],
    reportBug,
  );

/** One event of a batch, or the answer to one that cannot be used. */
function readEvent(sent: unknown, secret: TokenSecret, now: number) {
  const result = z.safeParse(EventRequest, sent);
  if (result.success) {
    const event = eventOfToken(result.data, secret, now);
    return 'status' in event && result.data.eventId !== undefined ? { eventId: result.data.eventId, ...event } : event;
  }
  return {
    status: 'refused',
    code: 'event-invalid',
    message: 'the event has fields that cannot be used',
    issues: issuesOf(result.error),
  } as const;
}
