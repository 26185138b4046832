import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Definition } from '#shared/experiment/definition.ts';
import { parsed } from '#shared/http/parsed.ts';
import { draftOf, freeId, movedTo, sent, slugOf } from '../../dashboard/draft.ts';
import { frictionsOf } from '../../dashboard/parts/frictions.tsx';
import { definitionInput } from '../support/an-experiment.ts';

const folder = new URL('../../samples/templates/', import.meta.url);

describe('samples/templates', () => {
  it.each(readdirSync(folder))('%s is a definition the API takes, also after the editor opened it', (file) => {
    const { definition } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { definition: { id: string } };
    const taken = parsed(Definition, definition, file);
    expect(parsed(Definition, sent(draftOf(definition)), file)).toEqual(taken);
  });
});

describe('draftOf', () => {
  it('gives an empty draft that only wants a name', () => {
    const draft = { ...draftOf({}), id: 'trial', name: 'Trial' };
    expect(parsed(Definition, sent(draft), 'the draft').variants).toHaveLength(2);
  });

  it('fills in what the schema would, which it repeats so that the page need not carry the schema', () => {
    const kinds = ['value', 'count', 'return', 'gap', 'response', 'depth'] as const;
    const written = {
      ...definitionInput({ id: 'trial' }),
      reporting: {},
      metrics: kinds.map((kind) => ({
        id: kind,
        name: kind,
        kind,
        ...(kind === 'value' ? { cap: 5_000 } : { activity: 'post' }),
      })),
      variants: definitionInput().variants.map((variant) => ({ ...variant, cost: {} })),
    };
    const draft = draftOf(written as unknown as Parameters<typeof draftOf>[0]);
    expect(JSON.parse(JSON.stringify(draft))).toEqual(
      JSON.parse(JSON.stringify(parsed(Definition, written, 'the definition'))),
    );
  });

  it('opens a stored definition and sends it back unchanged', () => {
    const stored = parsed(
      Definition,
      {
        ...draftOf({}),
        id: 'trial',
        name: 'Trial',
        reporting: { email: ['ada@example.com'], every: 'day' },
        audience: [{ attribute: 'country', operator: 'one-of', values: ['SE', 'DE'] }],
      },
      'the definition',
    );
    expect(parsed(Definition, sent(draftOf(stored)), 'the definition')).toEqual(stored);
  });
});

describe('movedTo', () => {
  it.each([
    [0, 2, 'bcad'],
    [2, 0, 'cabd'],
    [1, 1, 'abcd'],
    [3, 9, 'abcd'],
    [0, -1, 'abcd'],
  ])('moves the entry at %i to %i', (from, to, expected) => {
    expect(movedTo([...'abcd'], from, to).join('')).toBe(expected);
  });
});

describe('slugOf', () => {
  it.each([
    ['Leave an e-mail', 'leave-an-e-mail'],
    ['  Köp nu! ', 'kop-nu'],
    ['???', ''],
    ['x'.repeat(80), 'x'.repeat(64)],
  ])('makes %j an id', (name, id) => expect(slugOf(name)).toBe(id));

  it('is numbered when the id is taken', () => {
    expect(freeId('step', ['step', 'step-2'])).toBe('step-3');
  });
});

describe('frictionsOf', () => {
  it.each([
    ['', {}],
    ['choices: 12, seconds: 2.4, clear: false', { choices: 12, seconds: 2.4, clear: false }],
    ['unclear', { unclear: true }],
    ['tone: warm, : nobody', { tone: 'warm' }],
  ])('reads %j', (text, frictions) => expect(frictionsOf(text)).toEqual(frictions));
});
