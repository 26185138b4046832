import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../problem/problem.ts';

/** The JSON of a request, whatever type it says it has: `sendBeacon` can send without a preflight only as text. */
export function jsonBody(event: APIGatewayProxyEventV2, maxBytes: number): unknown {
  const raw = event.body ?? '';
  const text = event.isBase64Encoded ? Buffer.from(raw, 'base64').toString('utf8') : raw;
  if (Buffer.byteLength(text) > maxBytes)
    throw new Problem('request.too-large', `the body has more than ${maxBytes} bytes; send it in several requests`);
  if (text.trim() === '') return {};
  try {
    return HALF_CHARACTER.test(text) ? JSON.parse(text, (_, value) => wellFormed(value)) : JSON.parse(text);
  } catch (cause) {
    throw new Problem('request.not-json', `the body is not JSON: ${(cause as Error).message}`, [], { cause });
  }
}

/** An escape of half a character: half of a pair, or without its other half. */
const HALF_CHARACTER = /\\u[dD][89abcdefABCDEF]/;

/** Half a character is no text and can be stored nowhere. It becomes U+FFFD, as in whatever else is sent as UTF-8. */
const wellFormed = (value: unknown): unknown => (typeof value === 'string' ? Buffer.from(value).toString() : value);
