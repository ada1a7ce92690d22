import type { Nest } from "../nest/nest.ts";
import { tilesOf } from "../nest/tiles.ts";
import { Code, type Local } from "../wasm/code.ts";
import { accumulatorOf, identityBits, joining } from "./accumulator.ts";
import { argumentAt, rowStarts } from "./rowStarts.ts";
import { Values } from "./values.ts";

const ELEMENT = 4;
const VECTOR = 16;
/** Bytes of elements whose sum is taken before it goes to the total: 64 additions in each lane. */
const SEGMENT = 1024;

/**
 * The loops of a nest for one tile, as a function of the address of its argument list and the number of the tile.
 * Each row is done in vectors of four elements; what is left over, one element at a time, by the same steps.
 * `functionIndex` gives the number of an imported function.
 */
export function emitNest(nest: Nest, functionIndex: (name: string) => number): Code {
  const { dimensions, reads, writes, reductions } = nest;
  const code = new Code(["i32", "i32"]);
  const [list, tile] = code.parameters as readonly [Local, Local];
  const tiles = tilesOf(nest);
  const columns = dimensions.at(-1) ?? 1;

  const count = 1 + Math.max(-1, ...[...reads, ...writes, ...reductions].map(({ argument }) => argument));
  const pointers = Array.from({ length: count }, (_, i) => {
    const pointer = code.local("i32");
    code
      .get(list)
      .memory("i32.load", ELEMENT * i)
      .set(pointer);
    return pointer;
  });
  const [position, vectorEnd] = [code.local("i32"), code.local("i32")];
  const [end, segmentEnd] = [code.local("i32"), code.local("i32")];
  const starts = rowStarts(nest, code, pointers);
  const values = new Values(nest, code);
  const emit = (depth: "tile" | "row" | "element", one = false): void =>
    values.emit(depth, pointers, starts, position, functionIndex, one);

  const kept = reductions.flatMap((reduction) =>
    reduction.direction === "columns" ? [] : [{ ...reduction, accumulator: accumulatorOf(code, reduction) }],
  );
  const wholes = kept.filter(({ direction }) => direction === "all");
  const byRow = kept.filter(({ direction }) => direction === "rows");
  const settles = kept.some(({ reducer, value }) => reducer === "Add" && value.type === "float32");
  const settle = (): void => {
    for (const { accumulator } of kept) accumulator.settle();
  };
  const downward = reductions.flatMap((reduction) =>
    reduction.direction === "columns" ? [{ ...reduction, sums: code.local("i32") }] : [],
  );

  /** Vectors, then single elements, from `position` on, which moves along. */
  const spanLoops = (body: (one: boolean) => void, inSegments: boolean): void => {
    const below = (limit: Local): Code => code.get(position).get(limit).plain("i32.lt_u");
    const move = (bytes: number): void => void code.get(position).i32(bytes).plain("i32.add").set(position);
    const vectors = (limit: Local): void =>
      void code.repeat(() => {
        body(false);
        move(VECTOR);
        below(limit);
      });
    if (columns >= 4) {
      below(vectorEnd).when(() => {
        if (!inSegments) return vectors(vectorEnd);
        code.repeat(() => {
          code.get(position).i32(SEGMENT).plain("i32.add").tee(segmentEnd).get(vectorEnd);
          code.get(segmentEnd).get(vectorEnd).plain("i32.lt_u", "select").set(segmentEnd);
          vectors(segmentEnd);
          settle();
          below(vectorEnd);
        });
      });
    }
    if (columns % 4 === 0) return;
    below(end).when(() => {
      code.repeat(() => {
        body(true);
        move(ELEMENT);
        below(end);
      });
      if (inSegments) settle();
    });
  };

  const store = (one: boolean): Code =>
    one ? code.memoryLane("v128.store32_lane", 0) : code.memory("v128.store");
  const elements = (one: boolean): void => {
    emit("element", one);
    for (const [i, { value }] of writes.entries()) {
      code.get(argumentAt(starts.writes, i)).get(position).plain("i32.add");
      values.push(value);
      store(one);
    }
    for (const { accumulator, value } of kept) accumulator.take(() => values.push(value), one);
    for (const { sums, reducer, value } of downward) {
      const address = (): Code => code.get(sums).get(position).plain("i32.add");
      address();
      address().memory(one ? "v128.load32_zero" : "v128.load");
      values.push(value);
      code.simd(joining(reducer, value.type));
      store(one);
    }
  };

  if (tiles.kind === "flat") {
    const [size, length] = [ELEMENT * tiles.size, ELEMENT * tiles.length];
    code.get(tile).i32(length).plain("i32.mul").tee(position).i32(length).plain("i32.add").tee(end);
    code.i32(size).get(end).i32(size).plain("i32.lt_u", "select").tee(end);
    code.i32(-VECTOR).plain("i32.and").set(vectorEnd);
    starts.update();
    emit("tile");
    for (const { accumulator } of wholes) accumulator.start();
    spanLoops(elements, settles);
  } else {
    const [row, rowEnd] = [code.local("i32"), code.local("i32")];
    code
      .get(tile)
      .i32(tiles.tilesPerGroup)
      .plain("i32.div_u")
      .i32(tiles.rowsPerGroup)
      .plain("i32.mul")
      .tee(rowEnd);
    code
      .get(tile)
      .i32(tiles.tilesPerGroup)
      .plain("i32.rem_u")
      .i32(tiles.rows)
      .plain("i32.mul", "i32.add")
      .set(row);
    code.get(rowEnd).i32(tiles.rowsPerGroup).plain("i32.add").set(rowEnd);
    code.get(row).i32(tiles.rows).plain("i32.add").tee(segmentEnd).get(rowEnd);
    code.get(segmentEnd).get(rowEnd).plain("i32.lt_u", "select").set(rowEnd);
    code
      .i32(ELEMENT * columns)
      .set(end)
      .i32((ELEMENT * columns) & -VECTOR)
      .set(vectorEnd);
    for (const { sums, argument, reducer, value } of downward) {
      code
        .get(argumentAt(pointers, argument))
        .get(tile)
        .i32(ELEMENT * columns)
        .plain("i32.mul", "i32.add")
        .set(sums);
      code.i32(0).set(position);
      spanLoops((one) => {
        code.get(sums).get(position).plain("i32.add").splatBits(identityBits(reducer, value.type));
        store(one);
      }, false);
    }
    emit("tile");
    for (const { accumulator } of wholes) accumulator.start();
    code.repeat(() => {
      starts.update(row);
      emit("row");
      for (const { accumulator } of byRow) accumulator.start();
      code.i32(0).set(position);
      spanLoops(elements, settles);
      for (const { accumulator, argument } of byRow) {
        code.get(argumentAt(pointers, argument)).get(row).i32(2).plain("i32.shl", "i32.add");
        accumulator.finish();
        code.memoryLane("v128.store32_lane", 0);
      }
      code.get(row).i32(1).plain("i32.add").tee(row).get(rowEnd).plain("i32.lt_u");
    });
  }
  for (const { accumulator, argument } of wholes) {
    code.get(argumentAt(pointers, argument)).get(tile).i32(2).plain("i32.shl", "i32.add");
    accumulator.finish();
    code.memoryLane("v128.store32_lane", 0);
  }
  return code;
}
