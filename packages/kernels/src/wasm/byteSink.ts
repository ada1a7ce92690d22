/** Bytes in the encodings of the WebAssembly binary format. */
export class ByteSink {
  readonly #bytes: number[] = [];

  get bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  byte(...values: number[]): this {
    this.#bytes.push(...values);
    return this;
  }

  append(values: Iterable<number>): this {
    for (const value of values) this.#bytes.push(value);
    return this;
  }

  /** An unsigned number below 2³² (LEB128). */
  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.#bytes.push(rest);
    return this;
  }

  /** A whole number of 32 bits with sign (LEB128). */
  signed(value: number): this {
    let rest = value | 0;
    while (rest < -0x40 || rest >= 0x40) {
      this.#bytes.push((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.#bytes.push(rest & 0x7f);
    return this;
  }

  /** A name: its length and its bytes. */
  text(value: string): this {
    const encoded = new TextEncoder().encode(value);
    return this.unsigned(encoded.length).append(encoded);
  }

  /** Bytes with their length before them. */
  sized(content: ByteSink): this {
    return this.unsigned(content.#bytes.length).append(content.#bytes);
  }
}
