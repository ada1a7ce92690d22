import { PANEL, type Packing } from "../nest/product.ts";
import type { Code, Local } from "../wasm/code.ts";

const ELEMENT = 4;
const PANEL_BYTES = ELEMENT * PANEL;

/** Ways to copy a panel from `from` to `to`, which move along. */
export class PanelCopy {
  readonly #code: Code;
  readonly #depth: number;
  readonly #source: Packing["source"];
  readonly #from: Local;
  readonly #to: Local;
  readonly #stop: Local;
  readonly #vectors: readonly Local[];

  constructor(code: Code, { depth, source }: Packing, from: Local, to: Local, stop: Local) {
    this.#code = code;
    this.#depth = depth;
    this.#source = source;
    this.#from = from;
    this.#to = to;
    this.#stop = stop;
    this.#vectors = Array.from({ length: 8 }, () => code.local("v128"));
  }

  whole(): void {
    if (this.#source.column === 1) this.#rows(this.#depth, () => this.#row());
    else if (this.#source.depth === 1) this.#transposed();
    else this.byLanes(PANEL);
  }

  /** Element by element; columns from `columns` on are 0. */
  byLanes(columns: number): void {
    this.#rows(this.#depth, () => {
      for (const half of [0, 1]) {
        const lanes = Math.min(4, Math.max(0, columns - 4 * half));
        this.#code.get(this.#to).splatBits(0).set(this.#vector(0));
        for (let lane = 0; lane < lanes; lane++) {
          this.#code.get(this.#from).get(this.#vector(0));
          this.#code.memoryLane("v128.load32_lane", lane, ELEMENT * (4 * half + lane) * this.#source.column);
          this.#code.set(this.#vector(0));
        }
        this.#code.get(this.#vector(0)).memory("v128.store", 16 * half);
      }
    });
  }

  #row(): void {
    for (const half of [0, 16])
      this.#code.get(this.#to).get(this.#from).memory("v128.load", half).memory("v128.store", half);
  }

  /** Runs `body` for `count` rows from the present one on. */
  #rows(count: number, body: () => void): void {
    if (count === 0) return;
    const code = this.#code;
    code
      .get(this.#to)
      .i32(PANEL_BYTES * count)
      .plain("i32.add")
      .set(this.#stop);
    code.repeat(() => {
      body();
      this.#advance(1);
      code.get(this.#to).get(this.#stop).plain("i32.lt_u");
    });
  }

  #advance(rows: number): void {
    const code = this.#code;
    code
      .get(this.#from)
      .i32(ELEMENT * this.#source.depth * rows)
      .plain("i32.add")
      .set(this.#from);
    code
      .get(this.#to)
      .i32(PANEL_BYTES * rows)
      .plain("i32.add")
      .set(this.#to);
  }

  /** Where a column's elements are neighbours: four rows at a time. */
  #transposed(): void {
    const code = this.#code;
    const whole = this.#depth & -4;
    if (whole > 0) {
      code
        .get(this.#to)
        .i32(PANEL_BYTES * whole)
        .plain("i32.add")
        .set(this.#stop);
      code.repeat(() => {
        for (const half of [0, 1]) this.#square(half);
        this.#advance(4);
        code.get(this.#to).get(this.#stop).plain("i32.lt_u");
      });
    }
    if (whole < this.#depth) {
      const rest = this.#depth - whole;
      for (let i = 0; i < rest; i++) {
        for (const half of [0, 1]) {
          code.get(this.#to).splatBits(0).set(this.#vector(0));
          for (let lane = 0; lane < 4; lane++) {
            code.get(this.#from).get(this.#vector(0));
            code.memoryLane("v128.load32_lane", lane, ELEMENT * (4 * half + lane) * this.#source.column);
            code.set(this.#vector(0));
          }
          code.get(this.#vector(0)).memory("v128.store", 16 * half);
        }
        this.#advance(1);
      }
    }
  }

  /** Four columns by four rows. */
  #square(half: number): void {
    const code = this.#code;
    const [a, b, c, d, p, q, r, s] = this.#vectors;
    if (!a || !b || !c || !d || !p || !q || !r || !s) throw new Error("internal: a copy without vectors");
    for (const [i, x] of [a, b, c, d].entries())
      code
        .get(this.#from)
        .memory("v128.load", ELEMENT * (4 * half + i) * this.#source.column)
        .set(x);
    code.get(a).get(b).shuffle([0, 4, 1, 5]).set(p);
    code.get(c).get(d).shuffle([0, 4, 1, 5]).set(q);
    code.get(a).get(b).shuffle([2, 6, 3, 7]).set(r);
    code.get(c).get(d).shuffle([2, 6, 3, 7]).set(s);
    const low = [0, 1, 4, 5] as const;
    const high = [2, 3, 6, 7] as const;
    const joined = [
      [p, q, low],
      [p, q, high],
      [r, s, low],
      [r, s, high],
    ] as const;
    for (const [i, [x, y, lanes]] of joined.entries())
      code
        .get(this.#to)
        .get(x)
        .get(y)
        .shuffle(lanes)
        .memory("v128.store", PANEL_BYTES * i + 16 * half);
  }

  #vector(i: number): Local {
    return this.#vectors[i] ?? this.#from;
  }
}
