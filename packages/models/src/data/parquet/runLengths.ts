/** Data that ends too early or says what cannot be; becomes a `DataError` that names the file. */
export class PageError extends Error {
  override readonly name = "PageError";
}

/**
 * Numbers in Parquet's hybrid of run lengths and bit packing, one after the other, without keeping them: a few bytes
 * can stand for millions. `width` bits each, 0 … 32.
 *
 * Throws `PageError` when more are asked for than there are.
 */
export function runLengths(bytes: Uint8Array, width: number): () => number {
  const valueBytes = Math.ceil(width / 8);
  let at = 0;
  let repeats = 0; // of `value`
  let value = 0;
  let packed = 0; // values still to come from bits
  let bit = 0; // position of the next one

  function nextRun(): void {
    let head = 0;
    for (let i = 0; ; i++) {
      const byte = bytes[at++];
      if (byte === undefined || i === 5) throw new PageError("a page ends among its run lengths");
      head += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) break;
    }
    if (head % 2 === 1) {
      packed = Math.floor(head / 2) * 8;
      bit = 8 * at;
      at += (packed / 8) * width;
    } else {
      repeats = head / 2;
      value = 0;
      for (let i = 0; i < valueBytes; i++) value += (bytes[at + i] ?? 0) * 256 ** i;
      at += valueBytes;
      if (at > bytes.length) throw new PageError("a page ends among its run lengths");
    }
  }

  return () => {
    while (repeats === 0 && packed === 0) nextRun();
    if (repeats > 0) {
      repeats--;
      return value;
    }
    packed--;
    let bits = 0;
    for (let done = 0; done < width; ) {
      const byte = bytes[bit >> 3];
      // Padding after the last value may be cut off, values may not.
      if (byte === undefined) throw new PageError("a page ends among its packed numbers");
      const take = Math.min(8 - (bit & 7), width - done);
      bits += ((byte >> (bit & 7)) & ((1 << take) - 1)) * 2 ** done;
      done += take;
      bit += take;
    }
    return bits;
  };
}
