/**
 * The hash of shared/assignment/murmur3.ts in a third of the code: the browser takes one hash a page, where bytes matter and
 * nanoseconds do not. The build puts it in the place of the other; a test holds that no text tells the two apart.
 */
export const murmur3 = (text: string, seed: number): number => {
  const bytes = new TextEncoder().encode(text);
  let hash = seed;
  let block = 0;
  let i = 0;
  const scramble = () => {
    block = Math.imul(block, 0xcc9e2d51);
    hash ^= Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    block = 0;
  };
  for (const byte of bytes) {
    block |= byte << (8 * i);
    i = (i + 1) & 3;
    if (!i) {
      scramble();
      hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
    }
  }
  scramble();
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
