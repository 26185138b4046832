import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Problem } from '../problem/problem.ts';

export type Reply = APIGatewayProxyStructuredResultV2;

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** A refusal as RFC 9457 problem details: the code for programs, the sentence for people, the issues for forms. */
export const problemReply = (problem: Problem, headers: Record<string, string> = {}): Reply => ({
  statusCode: problem.status,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify({
    type: `urn:stepladder:problem:${problem.code}`,
    title: problem.code.replace(/[.-]/g, ' '),
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.issues.length > 0 && { issues: problem.issues }),
  }),
});
