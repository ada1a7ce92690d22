import { type Nest, type Operand, type Reduction, sizeOf } from "../nest/nest.ts";
import type { Code, Local } from "../wasm/code.ts";
import { type Accumulator, accumulatorOf, identityBits, joining } from "./accumulator.ts";
import { argumentAt, type RowStarts, rowStarts } from "./rowStarts.ts";
import { Span } from "./span.ts";
import { Values } from "./values.ts";

const ELEMENT = 4;

type Kept = Reduction & { readonly accumulator: Accumulator };
/** `sums`: where the tile's results are. */
type Downward = Reduction & { readonly sums: Local };

/** What a nest does for a tile, a row and an element, wherever its loops call it. */
export class NestBody {
  readonly span: Span;
  readonly #nest: Nest;
  readonly #code: Code;
  readonly #columns: number;
  readonly #pointers: readonly Local[];
  readonly #starts: RowStarts;
  readonly #values: Values;
  readonly #kept: readonly Kept[];
  readonly #downward: readonly Downward[];
  readonly #functionIndex: (name: string) => number;

  /** `list`: holds the address of the argument list. */
  constructor(nest: Nest, code: Code, list: Local, functionIndex: (name: string) => number) {
    const { dimensions, reads, writes, reductions } = nest;
    this.#nest = nest;
    this.#code = code;
    this.#functionIndex = functionIndex;
    this.#columns = dimensions.at(-1) ?? sizeOf(dimensions);
    const last = Math.max(-1, ...[...reads, ...writes, ...reductions].map(({ argument }) => argument));
    this.#pointers = Array.from({ length: last + 1 }, (_, i) => {
      const pointer = code.local("i32");
      code
        .get(list)
        .memory("i32.load", ELEMENT * i)
        .set(pointer);
      return pointer;
    });
    this.span = new Span(code, this.#columns);
    this.#starts = rowStarts(nest, code, this.#pointers);
    this.#values = new Values(nest, code);
    this.#kept = reductions.flatMap((reduction) =>
      reduction.direction === "columns"
        ? []
        : [{ ...reduction, accumulator: accumulatorOf(code, reduction) }],
    );
    this.#downward = reductions.flatMap((reduction) =>
      reduction.direction === "columns" ? [{ ...reduction, sums: code.local("i32") }] : [],
    );
  }

  beginTile(tile: Local): void {
    for (const { sums, argument, reducer, value } of this.#downward) {
      this.#address(argument, tile, ELEMENT * this.#columns).set(sums);
      this.span.begin();
      this.span.loops((one) => {
        this.#at(sums).splatBits(identityBits(reducer, value.type));
        this.#store(one);
      });
    }
    this.#emit("tile");
    for (const { accumulator, direction } of this.#kept) if (direction === "all") accumulator.start();
  }

  /** `row`: counted over all dimensions but the last; none where there is only one. */
  beginRow(row?: Local): void {
    this.#starts.update(row);
    this.#emit("row");
    for (const { accumulator, direction } of this.#kept) if (direction === "rows") accumulator.start();
  }

  /** The elements from the span's position on. */
  elements(): void {
    const sums = this.#kept.some(({ reducer, value }) => reducer === "Add" && value.type === "float32");
    const settle = (): void => {
      for (const { accumulator } of this.#kept) accumulator.settle();
    };
    this.span.loops((one) => this.#element(one), sums ? settle : undefined);
  }

  endRow(row: Local): void {
    this.#finish("rows", row);
  }

  endTile(tile: Local): void {
    this.#finish("all", tile);
  }

  #element(one: boolean): void {
    this.#emit("element", one);
    for (const [i, { value, strides }] of this.#nest.writes.entries()) {
      const start = argumentAt(this.#starts.writes, i);
      const stride = strides.at(-1) ?? 1;
      if (stride !== 1) this.#scatter(start, stride, value, one);
      else {
        this.#at(start);
        this.#values.push(value);
        this.#store(one);
      }
    }
    for (const { accumulator, value } of this.#kept) accumulator.take(() => this.#values.push(value), one);
    for (const { sums, reducer, value } of this.#downward) {
      this.#at(sums);
      this.#at(sums).memory(one ? "v128.load32_zero" : "v128.load");
      this.#values.push(value);
      this.#code.simd(joining(reducer, value.type));
      this.#store(one);
    }
  }

  /** Writes the results of reductions as element `index` of their arrays. */
  #finish(wanted: "all" | "rows", index: Local): void {
    for (const { accumulator, argument, direction } of this.#kept) {
      if (direction !== wanted) continue;
      this.#address(argument, index, ELEMENT);
      accumulator.finish();
      this.#store(true);
    }
  }

  #emit(depth: "tile" | "row" | "element", one = false): void {
    this.#values.emit(depth, this.#pointers, this.#starts, this.span.position, this.#functionIndex, one);
  }

  /** Leaves the address of the span's position in what begins at `start` on the stack. */
  #at(start: Local): Code {
    return this.#code.get(start).get(this.span.position).plain("i32.add");
  }

  #address(argument: number, index: Local, bytes: number): Code {
    const pointer = argumentAt(this.#pointers, argument);
    return this.#code.get(pointer).get(index).i32(bytes).plain("i32.mul", "i32.add");
  }

  /** Stores the lanes of a value one by one, `stride` elements apart. */
  #scatter(start: Local, stride: number, value: Operand, one: boolean): void {
    for (const lane of one ? [0] : [0, 1, 2, 3]) {
      this.#code.get(start).get(this.span.position);
      this.#code
        .i32(ELEMENT * lane)
        .plain("i32.add")
        .i32(stride)
        .plain("i32.mul", "i32.add");
      this.#values.push(value);
      this.#code.memoryLane("v128.store32_lane", lane);
    }
  }

  #store(one: boolean): void {
    if (one) this.#code.memoryLane("v128.store32_lane", 0);
    else this.#code.memory("v128.store");
  }
}
