import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { openApi } from '#shared/contracts/openapi.ts';
import { operationOf } from '#shared/contracts/openapi-operations.ts';
import type { Route } from '#shared/contracts/route.ts';
import { type RouteName, routes } from '#shared/contracts/routes.ts';
import { PROBLEMS } from '#shared/problem/problem.ts';
import { docsHtml } from '../../local/pages/docs-page.ts';
import { openKeyedSite } from '../support/keyed-site.ts';

type Operation = {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { name: string; in: string }[];
  readonly requestBody?: { description: string };
  readonly responses: Readonly<Record<string, unknown>>;
};
type Document = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { properties?: Readonly<Record<string, unknown>> }>>;
  };
};
const document = openApi() as unknown as Document;
const all = Object.entries(routes) as [RouteName, Route][];
const operationFor = ({ path, method }: Route) => document.paths[path]?.[method.toLowerCase()];

describe('the OpenAPI document', () => {
  it('has nothing that Redocly’s strict rules object to', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      // A redirect has no 2XX answer, and is no less of an answer.
      rules: { 'operation-2xx-response': 'off' },
    });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  it('describes every route, and nothing else', () => {
    expect(all.map(([, route]) => operationFor(route)?.operationId)).toEqual(all.map(([name]) => name));
    expect(Object.values(document.paths).flatMap((item) => Object.keys(item))).toHaveLength(all.length);
  });

  it.each(all)('says of %s who may call it, what its path means and how large its body may be', (name, route) => {
    const operation = operationFor(route);
    expect(operation?.security.length === 0).toBe(route.access === 'public');
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const inPath = (operation?.parameters ?? []).filter((each) => each.in === 'path');
    expect(inPath.map((each) => each.name)).toEqual(named);
    if (operationOf(name).request) expect(operation?.requestBody?.description).toContain(String(route.bodyBytes));
    else expect(operation?.requestBody).toBeUndefined();
  });

  it('lists every code a refusal may have', () => {
    expect(document.components.schemas.Problem?.properties?.code).toEqual({
      type: 'string',
      enum: Object.keys(PROBLEMS),
    });
  });

  it('is served to anyone, and readable from any page', async () => {
    const site = await openKeyedSite();
    try {
      const { status, headers, json } = await site.ask('/v1/openapi.json', { method: 'GET' });
      expect([status, headers.get('content-type'), headers.get('access-control-allow-origin')]).toEqual([
        200,
        'application/json',
        '*',
      ]);
      expect(json).toEqual(JSON.parse(JSON.stringify(document)));
    } finally {
      await site.stop();
    }
  });
});

describe('the page of it', () => {
  const html = docsHtml(document as unknown as Parameters<typeof docsHtml>[0]);
  it('shows every route and every shape, with links that lead somewhere', () => {
    for (const [name] of all) expect(html).toContain(`id="${name}"`);
    for (const [, target] of html.matchAll(/href="#(\w+)"/g)) expect(html).toContain(`id="${target}"`);
    for (const name of Object.keys(document.components.schemas)) expect(html).toContain(`id="${name}"`);
  });

  it('needs no script and nothing from elsewhere', () => {
    expect(html).not.toMatch(/<script|src=|https?:\/\//);
  });
});
