import type { Code, Local } from "../wasm/code.ts";

const ELEMENT = 4;
const VECTOR = 16;
/** Bytes of elements between two visits of `settle`: 64 vectors. */
const SEGMENT = 1024;

/** The elements of a row, or of a tile of a flat nest, as bytes from the row's start. */
export class Span {
  /** Where the loops are. They begin here and move it along. */
  readonly position: Local;
  readonly #code: Code;
  readonly #columns: number;
  readonly #vectorEnd: Local;
  readonly #end: Local;
  readonly #segmentEnd: Local;

  /** `columns`: elements of a row. What a tile leaves over after whole vectors is decided by them. */
  constructor(code: Code, columns: number) {
    this.#code = code;
    this.#columns = columns;
    this.position = code.local("i32");
    this.#vectorEnd = code.local("i32");
    this.#end = code.local("i32");
    this.#segmentEnd = code.local("i32");
  }

  /** The whole row. `begin` goes to its start. */
  setRow(): void {
    const bytes = ELEMENT * this.#columns;
    this.#code
      .i32(bytes)
      .set(this.#end)
      .i32(bytes & -VECTOR)
      .set(this.#vectorEnd);
  }

  begin(): void {
    this.#code.i32(0).set(this.position);
  }

  /** A piece of the only row: `length` elements, or what is left. */
  setPiece(tile: Local, length: number): void {
    const code = this.#code;
    const [size, bytes] = [ELEMENT * this.#columns, ELEMENT * length];
    code.get(tile).i32(bytes).plain("i32.mul").tee(this.position).i32(bytes).plain("i32.add").set(this.#end);
    least(
      code,
      () => code.get(this.#end),
      () => code.i32(size),
    );
    code.tee(this.#end).i32(-VECTOR).plain("i32.and").set(this.#vectorEnd);
  }

  /** Vectors of four elements, then single ones (`one`). `settle` is emitted after segments and at the end. */
  loops(body: (one: boolean) => void, settle?: () => void): void {
    if (this.#columns >= 4)
      this.#below(this.#vectorEnd).when(() => {
        if (settle === undefined) this.#repeat(this.#vectorEnd, VECTOR, () => body(false));
        else this.#segments(() => body(false), settle);
      });
    if (this.#columns % 4 === 0) return;
    this.#below(this.#end).when(() => {
      this.#repeat(this.#end, ELEMENT, () => body(true));
      settle?.();
    });
  }

  #segments(body: () => void, settle: () => void): void {
    const code = this.#code;
    code.repeat(() => {
      code.get(this.position).i32(SEGMENT).plain("i32.add").set(this.#segmentEnd);
      least(
        code,
        () => code.get(this.#segmentEnd),
        () => code.get(this.#vectorEnd),
      );
      code.set(this.#segmentEnd);
      this.#repeat(this.#segmentEnd, VECTOR, body);
      settle();
      this.#below(this.#vectorEnd);
    });
  }

  #repeat(limit: Local, bytes: number, body: () => void): void {
    this.#code.repeat(() => {
      body();
      this.#code.get(this.position).i32(bytes).plain("i32.add").set(this.position);
      this.#below(limit);
    });
  }

  #below(limit: Local): Code {
    return this.#code.get(this.position).get(limit).plain("i32.lt_u");
  }
}

/** Leaves the lesser of two numbers on the stack. */
export function least(code: Code, a: () => void, b: () => void): void {
  a();
  b();
  a();
  b();
  code.plain("i32.lt_u", "select");
}
