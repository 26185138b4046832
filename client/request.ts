/// <reference lib="dom" />
import type { Options } from './types.ts';

/** What the page asked for. One ladder a page: it has one address bar, one localStorage and one visitor. */
export const settings: { -readonly [name in keyof Options]: Options[name] } = {};

/**
 * The JSON the API answers; a rejection with the response where that is a refusal. Sent on even when the page goes, and
 * plain text, which spares sites without a key the preflight. The key goes in the header of the two that needs fewer bytes.
 */
export const ask = async <T>(path: string, body?: string): Promise<T> => {
  const response = await fetch(settings.api + path, {
    method: body && 'POST',
    body,
    headers: settings.key && { 'x-api-key': settings.key },
    keepalive: true,
  } as RequestInit);
  if (response.ok) return response.json();
  throw response;
};
