import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { type Issue, Problem } from '../problem/problem.ts';

// Only the sentences of one language are bundled; without any, every message would read "Invalid input".
z.config(z.locales.en());

/** The JSON of a request, whatever type it says it has: `sendBeacon` can send without a preflight only as text. */
export function jsonBody(event: APIGatewayProxyEventV2, maxBytes: number): unknown {
  const raw = event.body ?? '';
  const text = event.isBase64Encoded ? Buffer.from(raw, 'base64').toString('utf8') : raw;
  if (Buffer.byteLength(text) > maxBytes)
    throw new Problem('request.too-large', `the body has more than ${maxBytes} bytes; send it in several requests`);
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('request.not-json', `the body is not JSON: ${(cause as Error).message}`, [], { cause });
  }
}

/** The value in the shape a schema asks for, or a refusal that names every field that is not. */
export function parsed<T extends z.ZodMiniType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw new Problem('request.invalid', `${what} has ${count(result.error.issues.length)}`, issuesOf(result.error));
}

export const issuesOf = (error: z.core.$ZodError): Issue[] =>
  error.issues.map(({ path, message }) => ({
    path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message,
  }));

const count = (issues: number): string =>
  issues === 1 ? 'a field that cannot be used' : `${issues} fields that cannot be used`;
