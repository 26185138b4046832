import { destination } from '../../shared/assignment/destination.ts';
import { type EdgeDecision, NOBODY } from './decide.ts';
import { exposureMark, UNCOUNTED } from './exposure-mark.ts';
import type { EdgeVisit } from './from-viewer-request.ts';
import type { ViewerResponse } from './viewer-event.ts';

/** First party, out of reach of scripts, sent along on links from other sites, and over TLS only. As in shared/http/redirect-visit.ts. */
const COOKIE_ATTRIBUTES = 'Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=Lax';

/** The answer to a decision: 302 to the variant's first step with the visitor's own query, never kept by anyone. */
export function toViewerResponse(decision: EdgeDecision, visit: EdgeVisit, token: string): ViewerResponse {
  const packed = decision.packed;
  const mark = decision.counted
    ? exposureMark({
        visitor: decision.visitor,
        variant: decision.variant,
        sequence: packed.sequence,
        epoch: packed.epoch,
        revision: packed.revision,
        returning: visit.returning !== undefined,
      })
    : UNCOUNTED;
  return {
    statusCode: 302,
    statusDescription: 'Found',
    headers: {
      location: { value: destination(decision.url, visit.rawQuery, `stepladder_token=${token}`) },
      'cache-control': { value: 'private, no-store' },
      'content-type': { value: mark },
    },
    cookies:
      decision.visitor === NOBODY ? {} : { stepladder: { value: decision.visitor, attributes: COOKIE_ATTRIBUTES } },
  };
}
