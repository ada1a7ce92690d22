/** Tokens that come one by one, in memory that grows as they do. */
export class TokenList {
  #ids = new Int32Array(1024);
  #length = 0;

  add(id: number): void {
    if (this.#length === this.#ids.length) {
      const larger = new Int32Array(2 * this.#ids.length);
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[this.#length++] = id;
  }

  /** A copy of what is there. */
  toArray(): Int32Array {
    return this.#ids.slice(0, this.#length);
  }
}
