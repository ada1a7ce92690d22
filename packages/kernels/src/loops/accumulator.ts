import type { ElementType, Reducer, Reduction } from "../nest/nest.ts";
import type { Code, Local } from "../wasm/code.ts";
import type { SimdName } from "../wasm/opcodes.ts";

/** What is kept of a reduction while its elements pass by. */
export interface Accumulator {
  /** Before the first element. */
  start(): void;
  /** Takes in four elements; of `one`, only the first lane. */
  take(push: () => void, one: boolean): void;
  /** After every few hundred elements, and after the last. */
  settle(): void;
  /** Leaves the result on the stack, in every lane. */
  finish(): void;
}

const INT_LARGEST = 0x7fffffff;
const INT_SMALLEST = -0x80000000;

/** What leaves every other element as it is, as bits. */
export function identityBits(reducer: Reducer, type: ElementType): number {
  const float = type === "float32";
  switch (reducer) {
    case "Add":
      return 0;
    case "Mul":
      return type === "bool" ? -1 : float ? 0x3f800000 : 1;
    case "Min":
      return float ? 0x7f800000 : type === "int32" ? INT_LARGEST : -1;
    case "Max":
      return float ? 0xff800000 | 0 : type === "int32" ? INT_SMALLEST : 0;
  }
}

/** The instruction that joins two partial results. */
export function joining(reducer: Reducer, type: ElementType): SimdName {
  const whole = { int32: "s", uint32: "u", float32: "s", bool: "s" } as const;
  if (type === "bool") return reducer === "Add" || reducer === "Max" ? "v128.or" : "v128.and";
  const name = { Add: "add", Mul: "mul", Min: "min", Max: "max" } as const;
  if (type === "float32") return `f32x4.${name[reducer]}`;
  if (reducer === "Add" || reducer === "Mul") return reducer === "Add" ? "i32x4.add" : "i32x4.mul";
  return `i32x4.${reducer === "Min" ? "min" : "max"}_${whole[type]}`;
}

export function accumulatorOf(code: Code, { reducer, value: { type } }: Reduction): Accumulator {
  if (type === "float32" && reducer === "Add") return sum(code);
  if (type === "float32" && (reducer === "Min" || reducer === "Max")) return extreme(code, reducer);
  return plain(code, identityBits(reducer, type), joining(reducer, type));
}

/** Leaves lanes 0 to 3 of a vector joined in every lane: (0 and 2) with (1 and 3). */
function joinLanes(code: Code, x: Local, join: SimdName): void {
  code.get(x).get(x).get(x).shuffle([2, 3, 0, 1]).simd(join).set(x);
  code.get(x).get(x).shuffle([1, 0, 3, 2]).get(x).simd(join);
}

function plain(code: Code, identity: number, join: SimdName): Accumulator {
  const total = code.local("v128");
  return {
    start: () => void code.splatBits(identity).set(total),
    take(push, one) {
      push();
      if (one) code.splatBits(identity).firstLane().simd("v128.bitselect");
      code.get(total).simd(join).set(total);
    },
    settle: () => {},
    finish: () => joinLanes(code, total, join),
  };
}

/**
 * Sums of a few hundred elements are added to a total together with what the total rounds away (Knuth's two-sum), so
 * that the error does not grow with the number of terms.
 */
function sum(code: Code): Accumulator {
  const [part, total, error] = [code.local("v128"), code.local("v128"), code.local("v128")];
  const [next, taken] = [code.local("v128"), code.local("v128")];
  return {
    start: () => void code.splatBits(0).tee(part).tee(total).set(error),
    take(push, one) {
      push();
      if (one) code.firstLane().simd("v128.and");
      code.get(part).simd("f32x4.add").set(part);
    },
    settle() {
      code.get(total).get(part).simd("f32x4.add").tee(next).get(total).simd("f32x4.sub").set(taken);
      code.get(total).get(next).get(taken).simd("f32x4.sub", "f32x4.sub");
      code.get(part).get(taken).simd("f32x4.sub", "f32x4.add").get(error).simd("f32x4.add").set(error);
      code.get(next).set(total).splatBits(0).set(part);
    },
    finish() {
      // Infinity minus infinity is no error of rounding.
      code.get(total).get(error).simd("f32x4.add").get(total);
      code.get(error).get(error).simd("f32x4.eq", "v128.bitselect").set(total);
      joinLanes(code, total, "f32x4.add");
    },
  };
}

/**
 * Least or largest, NaN if there is one, −0 below 0. Compared as whole numbers in the order of the floats, which takes a
 * processor one instruction where float comparisons with these rules take eight.
 */
function extreme(code: Code, reducer: "Min" | "Max"): Accumulator {
  const [best, nan, x] = [code.local("v128"), code.local("v128"), code.local("v128")];
  const join = reducer === "Min" ? "i32x4.min_s" : "i32x4.max_s";
  const identity = reducer === "Min" ? 0x7f800000 : 0x807fffff | 0;
  /** Between the bits of a float and its rank: it is its own inverse. */
  const ranked = (): void => {
    code.get(x).i32(31).simd("i32x4.shr_s").i32(1).simd("i32x4.shr_u").get(x).simd("v128.xor");
  };
  return {
    start: () => void code.splatBits(identity).set(best).splatBits(0).set(nan),
    take(push, one) {
      push();
      if (one)
        code
          .splatBits(reducer === "Min" ? 0x7f800000 : 0xff800000 | 0)
          .firstLane()
          .simd("v128.bitselect");
      code.tee(x).get(x).simd("f32x4.ne").get(nan).simd("v128.or").set(nan);
      ranked();
      code.get(best).simd(join).set(best);
    },
    settle: () => {},
    finish() {
      joinLanes(code, best, join);
      code.set(x);
      ranked();
      code.set(best).splatBits(0x7fc00000).get(best);
      joinLanes(code, nan, "v128.or");
      code.simd("v128.bitselect");
    },
  };
}
