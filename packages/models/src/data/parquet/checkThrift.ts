/** A structure in Thrift's compact protocol that cannot be what it says it is. */
export class ThriftError extends Error {
  override readonly name = "ThriftError";
}

/** Parquet's own structures nest less than half as deep. */
const mostDepth = 24;

/**
 * Walks over one structure in Thrift's compact protocol and returns where it ends, or `undefined` where `bytes` ends
 * first. Allocates nothing, so that afterwards a reader that believes every length in it can be let loose: all lists
 * and strings lie within `bytes`, numbers have at most 10 bytes, and nesting is shallow.
 *
 * Throws `ThriftError` for a structure no longer input could complete.
 */
export function checkThrift(bytes: Uint8Array, start: number): number | undefined {
  let at = start;

  /** A byte; past the end, 0 and an `at` that shows it. */
  const byte = (): number => bytes[at++] ?? 0;
  const varint = (): number => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const next = byte();
      value += (next & 0x7f) * 2 ** (7 * i);
      if (next < 0x80) return value;
    }
    throw new ThriftError(`a number of more than 10 bytes at ${at}`);
  };
  const over = (): boolean => at > bytes.length;

  function element(type: number, depth: number): void {
    switch (type) {
      case 3: // byte
        at += 1;
        return;
      case 4: // int16, int32, int64
      case 5:
      case 6:
        varint();
        return;
      case 7: // double
        at += 8;
        return;
      case 8: {
        const length = varint(); // string; not at += varint(), which would add to the old position
        at += length;
        return;
      }
      case 9: {
        // list; booleans in it take a byte each
        const head = byte();
        const size = head >> 4 === 15 ? varint() : head >> 4;
        const inside = (head & 15) <= 2 ? 3 : head & 15;
        if (depth === mostDepth) throw new ThriftError(`more than ${mostDepth} levels at ${at}`);
        for (let i = 0; i < size && !over(); i++) element(inside, depth + 1);
        return;
      }
      case 12:
        structure(depth + 1);
        return;
      default:
        throw new ThriftError(`type ${type} at ${at}, which Parquet does not use`);
    }
  }

  function structure(depth: number): void {
    if (depth > mostDepth) throw new ThriftError(`more than ${mostDepth} levels at ${at}`);
    for (;;) {
      const head = byte();
      if (over() || (head & 15) === 0) return; // stop
      if (head >> 4 === 0) varint(); // field number
      if ((head & 15) > 2) element(head & 15, depth); // 1 and 2 are true and false
    }
  }

  structure(0);
  return over() ? undefined : at;
}
