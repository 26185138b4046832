/**
 * MurmurHash3, x86, 32 bits, over the UTF-8 bytes of a text (Austin Appleby, public domain; vectors in test/fixtures).
 *
 * Walks the text itself and allocates nothing: a decision costs little more than this. The bytes are UTF-8 because engines
 * disagree on what a character is: the edge runtime's strings count code points where Node's count UTF-16 units, and a hash
 * over `charCodeAt` would send the same visitor two ways. A lone surrogate is hashed as U+FFFD, as `TextEncoder` encodes it.
 *
 * @example murmur3('hello', 0) // 613153351
 */
export function murmur3(text: string, seed: number): number {
  let hash = seed;
  let start = 0;
  // Nearly every id is ASCII, and of ASCII four characters are one block.
  for (; start + 4 <= text.length; start += 4) {
    const a = text.charCodeAt(start);
    const b = text.charCodeAt(start + 1);
    const c = text.charCodeAt(start + 2);
    const d = text.charCodeAt(start + 3);
    if ((a | b | c | d) >= 0x80) break;
    hash = mixed(hash ^ scrambled(a | (b << 8) | (c << 16) | (d << 24)));
  }
  let block = 0; // bytes of the current four-byte block, first byte lowest
  let filled = 0; // bits of the block in use
  let length = start;
  for (let i = start; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 && i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else code = 0xfffd;
    }
    let bytes = code;
    let bits = 8;
    if (code >= 0x10000) {
      bytes =
        (0xf0 |
          (code >> 18) |
          ((0x80 | ((code >> 12) & 63)) << 8) |
          ((0x80 | ((code >> 6) & 63)) << 16) |
          ((0x80 | (code & 63)) << 24)) >>>
        0;
      bits = 32;
    } else if (code >= 0x800) {
      bytes = 0xe0 | (code >> 12) | ((0x80 | ((code >> 6) & 63)) << 8) | ((0x80 | (code & 63)) << 16);
      bits = 24;
    } else if (code >= 0x80) {
      bytes = 0xc0 | (code >> 6) | ((0x80 | (code & 63)) << 8);
      bits = 16;
    }
    length += bits >> 3;
    block |= bytes << filled;
    filled += bits;
    if (filled >= 32) {
      hash = mixed(hash ^ scrambled(block));
      filled -= 32;
      // The bytes that did not fit; a shift by 32 would be a shift by 0, hence the test.
      block = filled === 0 ? 0 : bytes >>> (bits - filled);
    }
  }
  if (filled > 0) hash ^= scrambled(block);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scrambled(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

function mixed(hash: number): number {
  return (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
}
