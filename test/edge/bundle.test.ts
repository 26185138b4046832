import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deployable, edgeBundle } from '#functions/edge/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepladder-edge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bundleOf = (source: string) => {
  const file = join(folder, 'handler.ts');
  writeFileSync(file, source);
  return edgeBundle(file);
};
const handler = (body: string) => `export async function handler(event: any) { ${body} }`;

describe('edgeBundle', () => {
  it('leaves half a kilobyte of what CloudFront takes', () => {
    expect(edgeBundle().bytes).toBeLessThanOrEqual(9_728);
  });

  it('holds the packed form, the assignment and its own translators, and nothing else', () => {
    for (const input of edgeBundle().inputs)
      expect(input).toMatch(/^(functions\/edge|shared\/assignment|shared\/experiment\/packed)/);
  });

  it('exports nothing and imports the runtime’s own modules only', () => {
    const { code } = edgeBundle();
    expect(code).not.toMatch(/\bexport\b|\brequire\b/);
    expect([...code.matchAll(/\bimport\b[^;]*;/g)].map(([line]) => line)).toEqual([
      'import cloudfront from"cloudfront";',
      'import crypto from"crypto";',
    ]);
    expect(code).toContain('async function handler(event)');
  });

  it('is plain ASCII', () => {
    expect(edgeBundle().code).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it.each([
    { name: 'a class', body: 'class A {} return new A();' },
    { name: 'destructuring', body: 'const { a } = event; return a;' },
    { name: 'for-of', body: 'for (const each of event) return each;' },
    { name: 'a default argument', body: 'const f = (a = 1) => a; return f(event);' },
    { name: 'a generator', body: 'function* g() { yield event; } return g();' },
    { name: 'a computed key', body: 'return { [event]: 1 };' },
    { name: 'a big integer', body: 'return 1n;' },
    { name: 'a Map', body: 'return new Map([[event, 1]]);' },
    { name: 'a URL', body: 'return new URL(event.uri).host;' },
    { name: 'an own property asked for the modern way', body: 'return Object.hasOwn(event, "a");' },
    { name: 'a timer', body: 'setTimeout(() => event, 1); return event;' },
  ])('refuses $name', ({ body }) => {
    expect(() => bundleOf(handler(body))).toThrow(/not supported yet|not available|does not have/);
  });

  it('refuses what is larger than CloudFront takes', () => {
    expect(() => bundleOf(handler(`return '${'x'.repeat(10_240)}';`))).toThrow(/bytes; CloudFront takes 10240/);
  });

  it('refuses a second export', () => {
    expect(() => bundleOf(`export const other = 1; ${handler('return event;')}`)).toThrow(
      /does not end by exporting handler/,
    );
    expect(() => deployable('export const other=1;export{handler};')).toThrow(/exports more than handler/);
  });

  it('refuses a file without a handler', () => {
    expect(() => bundleOf('export const other = 1;')).toThrow(/does not end by exporting handler/);
  });
});
