import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { edgeBundle } from '#functions/edge/bundle.ts';
import { assign } from '#shared/assignment/assign.ts';
import { committedVectors } from '../support/assignment-vectors.ts';
import { asCodePoints, idsOfEveryScript } from './ids.ts';
import { findNjs, inBareGlobals, underNjs } from './runtime.ts';

const { code } = edgeBundle(fileURLToPath(new URL('assign-only.ts', import.meta.url)));
const world = { values: {}, now: 0 };
const vectors = committedVectors().experiments;

/** Every id in every experiment of the vectors, with what Node answers. */
const ids = idsOfEveryScript(250);
const questions = vectors.flatMap(({ packed, decisions }) => {
  const { attributes = {}, at = 0 } = decisions[0] ?? {};
  return ids.map((visitor) => ({ packed, visitor, attributes, at }));
});
const expected = questions.map(({ packed, visitor, attributes, at }) => {
  const { variant, reason } = assign(packed, visitor, attributes, at);
  return `${variant} ${reason}`;
});
const committed = vectors.flatMap(({ packed, decisions }) =>
  decisions.map(({ visitor, attributes, at, variant, reason }) => ({
    question: { packed, visitor, attributes, at },
    answer: `${packed.variants.findIndex(({ id }) => id === variant)} ${reason}`,
  })),
);
const isWellFormed = (text: string) => Buffer.from(text).toString() === text;

describe('the assignment, bundled for the edge', () => {
  it('gives every visitor what Node gives them, with that runtime’s globals only', async () => {
    expect(new Set(expected).size).toBeGreaterThan(5);
    expect(await inBareGlobals(code, world)(questions)).toEqual(expected);
  });

  it('gives the same where strings count code points', async () => {
    const counted = questions.map((question) => ({ ...question, visitor: asCodePoints(question.visitor) }));
    expect(await inBareGlobals(code, world)(counted)).toEqual(expected);
  });

  it('answers the committed vectors', async () => {
    const answers = await inBareGlobals(code, world)(committed.map(({ question }) => question));
    expect(answers).toEqual(committed.map(({ answer }) => answer));
  });

  const njs = findNjs();
  if (!njs) console.warn('njs is not on the PATH, so the edge function was not run under it: apt-get install njs');
  it.runIf(njs)('gives the same under njs, for ids of every script and for the committed vectors', () => {
    const [answers] = underNjs(njs ?? '', code, world, [questions]);
    expect(answers).toEqual(expected);
    // A lone surrogate cannot be told to njs: its strings are UTF-8.
    const sayable = committed.filter(({ question }) => isWellFormed(question.visitor));
    const [said] = underNjs(njs ?? '', code, world, [sayable.map(({ question }) => question)]);
    expect(said).toEqual(sayable.map(({ answer }) => answer));
  });
});
