import cloudfront from 'cloudfront';
import { decide, type Published } from './decide.ts';
import { fromViewerRequest } from './from-viewer-request.ts';
import { signToken, visitorOfRequest } from './sign-token.ts';
import { toViewerResponse } from './to-viewer-response.ts';
import type { ViewerEvent, ViewerRequest, ViewerResponse } from './viewer-event.ts';

/**
 * The redirect as a CloudFront Function. It answers what it is certain of and lets everything else pass to the origin, the same
 * redirect as a Lambda: an experiment that is not published, a value that cannot be read, an error of any kind. It fails open.
 */
export async function handler(event: ViewerEvent): Promise<ViewerResponse | ViewerRequest> {
  try {
    const visit = fromViewerRequest(event);
    if (visit === undefined) return event.request;
    const value = await cloudfront.kvs().get(visit.experiment);
    const published = JSON.parse(value) as Published;
    const at = Date.now();
    const decision = decide(visit, published, visitorOfRequest(visit.requestId), at);
    if (decision === undefined) return event.request;
    const kind = decision.counted ? 'visit' : 'uncounted';
    const token = signToken(kind, visit.experiment, decision.visitor, decision.variant, at, published.secret);
    return toViewerResponse(decision, visit, token);
  } catch (_doubt) {
    return event.request;
  }
}
