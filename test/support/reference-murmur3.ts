/**
 * MurmurHash3 x86 32-bit as its author wrote it: over an array of bytes, in whole blocks and a tail, in 64-bit arithmetic.
 * Slow and plain on purpose. It shares no line and no trick with the one under test.
 */
export function referenceMurmur3(text: string, seed: number): number {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = Math.floor(bytes.length / 4);
  let h = BigInt(seed);
  for (let i = 0; i < blocks; i++) {
    h ^= scramble(BigInt(view.getUint32(i * 4, true)));
    h = u32(rotateLeft(h, 13n) * 5n + 0xe6546b64n);
  }
  let tail = 0n;
  for (let i = bytes.length - 1; i >= blocks * 4; i--) tail = (tail << 8n) | BigInt(view.getUint8(i));
  if (bytes.length % 4 > 0) h ^= scramble(tail);
  h ^= BigInt(bytes.length);
  h = u32((h ^ (h >> 16n)) * 0x85ebca6bn);
  h = u32((h ^ (h >> 13n)) * 0xc2b2ae35n);
  return Number(h ^ (h >> 16n));
}

const u32 = (x: bigint) => BigInt.asUintN(32, x);
const rotateLeft = (x: bigint, by: bigint) => u32((x << by) | (x >> (32n - by)));
const scramble = (k: bigint) => u32(rotateLeft(u32(k * 0xcc9e2d51n), 15n) * 0x1b873593n);
