import { expect } from 'vitest';
import * as z from 'zod/mini';
import { schemas as answers } from '#shared/contracts/openapi-operations.ts';
import { type Call, document } from './call.ts';
import type { reply } from './reply.ts';

/** The answer of a request, held against the document. */
export function expectDocumented({ operation }: Call, { status, type, text }: ReturnType<typeof reply>): void {
  const told = operation.responses[status];
  expect(
    Object.keys(operation.responses),
    `${operation.operationId} answered ${status}: ${text.slice(0, 300)}`,
  ).toContain(String(status));
  const response = told?.$ref ? document.components.responses[told.$ref.split('/').at(-1) ?? ''] : told;
  const content = response?.content;
  if (content === undefined) return;
  const [, media] = Object.entries(content).find(([each]) => type.startsWith(each)) ?? [];
  expect(media, `${operation.operationId} ${status} came as ${type}`).toBeDefined();
  const name = media?.schema?.$ref?.split('/').at(-1);
  const schema = name === undefined ? undefined : answers[name];
  if (schema)
    expect(
      z.safeParse(schema, JSON.parse(text)).error?.issues ?? [],
      `${operation.operationId} ${status} ${text.slice(0, 500)}`,
    ).toEqual([]);
}
