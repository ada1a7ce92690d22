import { PageError } from "./runLengths.ts";

/**
 * Undoes snappy (Google's format description of 2011) into exactly `length` bytes: the length again, then literals and
 * copies of what came before. Each number in it is checked, where hyparquet's 1.31 goes back in the input for a literal of
 * negative length, and never ends.
 *
 * Throws `PageError` for damaged input.
 */
export function unsnappy(bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  let filled = 0;

  /** `width` bytes, the lowest first. */
  const number = (width: number): number => {
    if (at + width > bytes.length) throw new PageError("snappy data end too early");
    let value = 0;
    for (let i = 0; i < width; i++) value += (bytes[at++] ?? 0) * 256 ** i;
    return value;
  };
  const room = (size: number): void => {
    if (filled + size > length) throw new PageError(`snappy data hold more than ${length} bytes`);
  };
  const literal = (size: number): void => {
    room(size);
    if (at + size > bytes.length) throw new PageError("snappy data end too early");
    out.set(bytes.subarray(at, at + size), filled);
    at += size;
    filled += size;
  };
  const copy = (size: number, back: number): void => {
    room(size);
    if (back < 1 || back > filled)
      throw new PageError(`a snappy copy from ${back} bytes before, at ${filled}`);
    if (back >= size) out.copyWithin(filled, filled - back, filled - back + size);
    else for (let i = 0; i < size; i++) out[filled + i] = out[filled - back + i] ?? 0; // repeats what it writes
    filled += size;
  };

  let stated = 0;
  for (let i = 0; ; i++) {
    const byte = number(1);
    stated += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
    if (i === 4) throw new PageError("snappy data begin with no length");
  }
  if (stated !== length) throw new PageError(`snappy data say ${stated} bytes, expected ${length}`);
  while (at < bytes.length) {
    const tag = number(1);
    const high = tag >> 2;
    switch (tag & 3) {
      case 0:
        literal(1 + (high < 60 ? high : number(high - 59)));
        break;
      case 1:
        copy(4 + (high & 7), (tag >> 5) * 256 + number(1));
        break;
      case 2:
        copy(1 + high, number(2));
        break;
      default:
        copy(1 + high, number(4));
    }
  }
  if (filled !== length) throw new PageError(`snappy data hold ${filled} bytes, expected ${length}`);
  return out;
}
