import { PANEL, type Product, ROWS } from "../nest/product.ts";
import type { Code, Local } from "../wasm/code.ts";

const ELEMENT = 4;
const VECTOR = 16;
const PANEL_BYTES = ELEMENT * PANEL;
/** Terms that are written out one after the other in the loop. */
const UNROLLED = 4;

/** Some rows of one panel, with their sums in registers. */
export class RegisterTile {
  /** Addresses of the first left factor, the first right factors and the first result. Used up. */
  readonly left: Local;
  readonly right: Local;
  readonly result: Local;
  readonly #code: Code;
  readonly #product: Product;
  readonly #fused: boolean;
  readonly #start: Local;
  readonly #terms: Local;
  readonly #sums: readonly (readonly [Local, Local])[];
  readonly #pair: readonly [Local, Local];
  readonly #factor: Local;
  readonly #stop: Local;

  /** `start`: the first term; where it is not 0, the sums go on from the result. `terms`: how many there are. */
  constructor(
    code: Code,
    product: Product,
    fused: boolean,
    { start, terms }: { readonly start: Local; readonly terms: Local },
  ) {
    const pair = (): readonly [Local, Local] => [code.local("v128"), code.local("v128")];
    this.#code = code;
    this.#product = product;
    this.#fused = fused;
    this.#start = start;
    this.#terms = terms;
    this.left = code.local("i32");
    this.right = code.local("i32");
    this.result = code.local("i32");
    this.#stop = code.local("i32");
    this.#sums = Array.from({ length: ROWS }, pair);
    this.#pair = pair();
    this.#factor = code.local("v128");
  }

  /** `height` rows, at most `ROWS`, and `columns` of the panel. */
  emit(height: number, columns: number): void {
    const code = this.#code;
    const sums = this.#sums.slice(0, height);
    for (const sum of sums.flat()) code.splatBits(0).set(sum);
    if (this.#product.depth > 0) code.get(this.#start).when(() => this.#eachLane(sums, columns, "load"));
    code.get(this.right).get(this.#terms).i32(-UNROLLED).plain("i32.and").i32(PANEL_BYTES);
    code.plain("i32.mul", "i32.add").set(this.#stop);
    this.#loop(sums, UNROLLED);
    code
      .get(this.right)
      .get(this.#terms)
      .i32(UNROLLED - 1)
      .plain("i32.and")
      .i32(PANEL_BYTES);
    code.plain("i32.mul", "i32.add").set(this.#stop);
    this.#loop(sums, 1);
    this.#eachLane(sums, columns, "store");
  }

  #loop(sums: readonly (readonly [Local, Local])[], unrolled: number): void {
    const code = this.#code;
    const { row, depth } = this.#product.left;
    const more = (): Code => code.get(this.right).get(this.#stop).plain("i32.lt_u");
    more().when(() =>
      code.repeat(() => {
        for (let term = 0; term < unrolled; term++) {
          for (const [half, x] of this.#pair.entries())
            code
              .get(this.right)
              .memory("v128.load", PANEL_BYTES * term + VECTOR * half)
              .set(x);
          for (const [i, sum] of sums.entries()) {
            code.get(this.left).memory("v128.load32_splat", ELEMENT * (i * row + term * depth));
            code.set(this.#factor);
            for (const half of [0, 1] as const) this.#add(sum[half], this.#pair[half]);
          }
        }
        code
          .get(this.left)
          .i32(ELEMENT * depth * unrolled)
          .plain("i32.add")
          .set(this.left);
        code
          .get(this.right)
          .i32(PANEL_BYTES * unrolled)
          .plain("i32.add")
          .set(this.right);
        more();
      }),
    );
  }

  #add(sum: Local, x: Local): void {
    const code = this.#code;
    if (this.#fused) code.get(this.#factor).get(x).get(sum).simd("f32x4.relaxed_madd").set(sum);
    else code.get(this.#factor).get(x).simd("f32x4.mul").get(sum).simd("f32x4.add").set(sum);
  }

  /** Between registers and the result, by vectors or, of the last panel, by lanes where a vector does not fit. */
  #eachLane(sums: readonly (readonly [Local, Local])[], columns: number, direction: "load" | "store"): void {
    const code = this.#code;
    for (const [i, pair] of sums.entries())
      for (const [half, sum] of pair.entries()) {
        const at = ELEMENT * i * this.#product.result.row + VECTOR * half;
        const lanes = Math.min(4, columns - 4 * half);
        if (lanes === 4) {
          code.get(this.result);
          if (direction === "load") code.memory("v128.load", at).set(sum);
          else code.get(sum).memory("v128.store", at);
          continue;
        }
        for (let lane = 0; lane < lanes; lane++) {
          code.get(this.result).get(sum);
          if (direction === "load") code.memoryLane("v128.load32_lane", lane, at + ELEMENT * lane).set(sum);
          else code.memoryLane("v128.store32_lane", lane, at + ELEMENT * lane);
        }
      }
  }
}
