import { sizeOf } from "../nest/nest.ts";
import { PANEL, type Packing, packedPanels, panelsOf } from "../nest/product.ts";
import { Code, type Local } from "../wasm/code.ts";
import { addCoordinates } from "./addCoordinates.ts";
import { least } from "./span.ts";

const ELEMENT = 4;
const PANEL_BYTES = ELEMENT * PANEL;

/** Copies some panels of right factors to where products read them. */
export function emitPacking(packing: Packing): Code {
  const { outer, columns, depth, source } = packing;
  const code = new Code(["i32", "i32"]);
  const [list, tile] = code.parameters;
  if (list === undefined || tile === undefined) throw new Error("internal: a kernel without parameters");
  const locals = (): Local => code.local("i32");
  const [panel, end, matrix, from, to, stop] = [locals(), locals(), locals(), locals(), locals(), locals()];
  const panels = panelsOf(packing);
  const perTile = packedPanels(packing);
  code.get(tile).i32(perTile).plain("i32.mul").tee(panel).i32(perTile).plain("i32.add").set(end);
  least(
    code,
    () => code.get(end),
    () => code.i32(panels * sizeOf(outer)),
  );
  code.set(end);
  code.repeat(() => {
    code.get(panel).i32(panels).plain("i32.div_u").set(matrix);
    code.get(list).memory("i32.load");
    code.i32(ELEMENT * source.offset).plain("i32.add");
    addCoordinates(code, matrix, outer, source.outer, ELEMENT);
    code.get(panel).i32(panels).plain("i32.rem_u");
    code
      .i32(PANEL_BYTES * source.column)
      .plain("i32.mul", "i32.add")
      .set(from);
    code.get(list).memory("i32.load", ELEMENT).get(panel);
    code
      .i32(PANEL_BYTES * depth)
      .plain("i32.mul", "i32.add")
      .set(to);
    const copy = new PanelCopy(code, packing, from, to, stop);
    const left = columns % PANEL;
    if (left === 0) copy.whole();
    else {
      code
        .get(panel)
        .i32(panels)
        .plain("i32.rem_u")
        .i32(Math.floor(columns / PANEL))
        .plain("i32.lt_u");
      code.choose(
        () => copy.whole(),
        () => copy.byLanes(left),
      );
    }
    code.get(panel).i32(1).plain("i32.add").tee(panel).get(end).plain("i32.lt_u");
  });
  return code;
}

/** Ways to copy a panel from `from` to `to`, which move along. */
class PanelCopy {
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
