import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Problem } from '../problem/problem.ts';

export type Reply = APIGatewayProxyStructuredResultV2;

/** What is named JSON stays JSON: a browser that guesses would find HTML in the name of an experiment. */
const AS_NAMED = { 'x-content-type-options': 'nosniff' };

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...AS_NAMED, ...headers },
  body: JSON.stringify(body),
});

/** Text to look at, or a file to keep when it has a name. */
export const text = (
  contentType: string,
  body: string,
  filename?: string,
  headers: Record<string, string> = {},
): Reply => ({
  statusCode: 200,
  headers: {
    'content-type': `${contentType}; charset=utf-8`,
    'cache-control': 'no-store',
    ...AS_NAMED,
    ...(filename && { 'content-disposition': `attachment; filename="${filename}"` }),
    ...headers,
  },
  body,
});

/** A refusal as RFC 9457 problem details: the code for programs, the sentence for people, the issues for forms. */
export const problemReply = (problem: Problem, headers: Record<string, string> = {}): Reply => ({
  statusCode: problem.status,
  headers: {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...AS_NAMED,
    ...retryAfter(problem),
    ...headers,
  },
  body: JSON.stringify({
    type: `urn:stepladder:problem:${problem.code}`,
    title: problem.code.replace(/[.-]/g, ' '),
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.issues.length > 0 && { issues: problem.issues }),
  }),
});

/** Always whole seconds: clients read a date as a number, and the year of an ISO date as seconds. */
export const retryAfter = ({ retryAfterSeconds }: Problem): Record<string, string> =>
  retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
