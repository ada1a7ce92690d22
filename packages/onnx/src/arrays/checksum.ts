import type { Array as JaxArray } from "@jax-js/jax";

/** A short fingerprint of an array's contents (FNV-1a over its numbers). Borrows. */
export function checksum(array: JaxArray): string {
  let hash = 0x811c9dc5;
  const bits = new Uint8Array(new Float64Array(array.ref.dataSync()).buffer);
  for (const byte of bits) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${array.toString()}${hash}`;
}
