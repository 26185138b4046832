import type { Context } from 'aws-lambda';
import type { HttpHandler } from '#shared/http/endpoint.ts';

/** A click, to be told both to the edge and to the Lambda. */
export type Click = {
  readonly path?: string;
  readonly query?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
};

/** What came of it, in one shape for both. `passed`: the edge left it to the origin. */
export type Outcome =
  | 'passed'
  | { readonly status: number; readonly location: string; readonly cookies: string[]; readonly cacheControl: string };

export const REQUEST_ID = '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==';

/** As CloudFront shows it to a viewer-request function. `rawQuery` is what its method answers; see runtime.ts. */
export function viewerEvent({ path = '/go/checkout', query = '', method = 'GET', headers = {}, cookies = [] }: Click) {
  const values = (pairs: readonly (readonly [string, string])[]) => {
    const named: Record<string, { value: string; multiValue?: { value: string }[] }> = {};
    for (const [name, value] of pairs) {
      const before = named[name];
      named[name] = before
        ? { ...before, multiValue: [...(before.multiValue ?? [{ value: before.value }]), { value }] }
        : { value };
    }
    return named;
  };
  return {
    version: '1.0',
    context: { requestId: REQUEST_ID, eventType: 'viewer-request' },
    viewer: { ip: '198.51.100.4' },
    request: {
      method,
      uri: path,
      querystring: {},
      headers: values(Object.entries(headers)),
      cookies: values(cookies.map((cookie) => cookie.split('=', 2) as [string, string])),
      rawQuery: query,
      rawQueryString: () => query,
    },
  };
}

export async function throughLambda(handler: HttpHandler, click: Click): Promise<Outcome> {
  const { path = '/go/checkout', query = '', method = 'GET', headers = {}, cookies = [] } = click;
  const event = {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers,
    cookies: [...cookies],
    requestContext: { http: { method, path } },
    isBase64Encoded: false,
  };
  const reply = await handler(event as unknown as Parameters<HttpHandler>[0], {} as Context);
  return {
    status: reply.statusCode ?? 0,
    location: String(reply.headers?.location ?? ''),
    cookies: [...(reply.cookies ?? [])],
    cacheControl: String(reply.headers?.['cache-control'] ?? ''),
  };
}

type EdgeAnswer = {
  readonly uri?: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
  readonly cookies: Readonly<Record<string, { readonly value: string; readonly attributes: string }>>;
};

export function edgeOutcome(answer: unknown): Outcome {
  const { uri, statusCode, headers, cookies } = answer as EdgeAnswer;
  if (uri !== undefined) return 'passed';
  return {
    status: statusCode,
    location: headers.location?.value ?? '',
    cookies: Object.entries(cookies).map(([name, { value, attributes }]) => `${name}=${value}; ${attributes}`),
    cacheControl: headers['cache-control']?.value ?? '',
  };
}

/** What the real-time log would hold of the answer. */
export const contentType = (answer: unknown): string => (answer as EdgeAnswer).headers['content-type']?.value ?? '';
