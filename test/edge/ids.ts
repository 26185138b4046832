import { seeded } from '../../local/simulation/random.ts';

/** Blocks of Unicode that people write in, and two beyond the 16 bits of a JavaScript unit. */
const SCRIPTS: readonly (readonly [name: string, from: number, to: number])[] = [
  ['Latin', 0x21, 0x7e],
  ['Latin with marks', 0xc0, 0x24f],
  ['Greek', 0x391, 0x3c9],
  ['Cyrillic', 0x400, 0x4ff],
  ['Hebrew', 0x5d0, 0x5ea],
  ['Arabic', 0x620, 0x64a],
  ['Devanagari', 0x904, 0x939],
  ['Thai', 0xe01, 0xe2e],
  ['Georgian', 0x10d0, 0x10fa],
  ['Hangul', 0xac00, 0xd7a3],
  ['Kana', 0x3041, 0x30fa],
  ['Han', 0x4e00, 0x9fff],
  ['emoji', 0x1f300, 0x1f64f],
  ['Han beyond the first plane', 0x20000, 0x2a6df],
];

/** Ids of every script, and as many of two scripts mixed, in all lengths from 1 to 24 characters. */
export function idsOfEveryScript(each: number): string[] {
  const { uniform } = seeded(41);
  const characters = (from: number, to: number, count: number) =>
    Array.from({ length: count }, () => String.fromCodePoint(from + Math.floor(uniform() * (to - from + 1))));
  return SCRIPTS.flatMap(([, from, to]) =>
    Array.from({ length: each }, (_, i) => {
      const own = characters(from, to, 1 + (i % 12));
      if (i % 2 === 0) return own.join('');
      const [, otherFrom, otherTo] = SCRIPTS[Math.floor(uniform() * SCRIPTS.length)] ?? ['', 0x61, 0x7a];
      return own.flatMap((character) => [character, ...characters(otherFrom, otherTo, 1)]).join('');
    }),
  );
}

/** A text as njs sees it: its length and its character codes count code points. Only what a hash may ask of it. */
export const asCodePoints = (text: string): string => {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  return { length: points.length, charCodeAt: (i: number) => points[i], toString: () => text } as unknown as string;
};
