import { emitErrorFunction } from "../math/errorFunction.ts";
import { emitExp } from "../math/exponential.ts";
import { emitLog } from "../math/logarithm.ts";
import type { Binary, ElementType, Operand, Operation, Step } from "../nest/nest.ts";
import type { Code, Local } from "../wasm/code.ts";
import type { SimdName } from "../wasm/opcodes.ts";

/** Functions that are called for one lane after the other, in double precision. */
export const LANE_FUNCTIONS = ["sin", "cos", "asin", "atan"] as const;
type LaneFunction = (typeof LANE_FUNCTIONS)[number];

const isLaneFunction = (operation: Operation): operation is LaneFunction =>
  LANE_FUNCTIONS.some((name) => name === operation);

type ByType = Readonly<Record<ElementType, SimdName>>;

const sameFor = (name: SimdName): ByType => ({ float32: name, int32: name, uint32: name, bool: name });

/** The instruction of each operation of two operands, by the type of the operands. */
const BINARY: Readonly<Record<Binary, ByType>> = {
  add: { ...sameFor("i32x4.add"), float32: "f32x4.add", bool: "v128.or" },
  mul: { ...sameFor("i32x4.mul"), float32: "f32x4.mul", bool: "v128.and" },
  min: { float32: "f32x4.min", int32: "i32x4.min_s", uint32: "i32x4.min_u", bool: "v128.and" },
  max: { float32: "f32x4.max", int32: "i32x4.max_s", uint32: "i32x4.max_u", bool: "v128.or" },
  and: sameFor("v128.and"),
  or: sameFor("v128.or"),
  xor: sameFor("v128.xor"),
  less: { ...sameFor("i32x4.lt_u"), float32: "f32x4.lt", int32: "i32x4.lt_s" },
  less_equal: { ...sameFor("i32x4.le_u"), float32: "f32x4.le", int32: "i32x4.le_s" },
  equal: { ...sameFor("i32x4.eq"), float32: "f32x4.eq" },
  not_equal: { ...sameFor("i32x4.ne"), float32: "f32x4.ne" },
};

const isBinary = (operation: Operation): operation is Binary => operation in BINARY;

/** What a step needs besides its operands. */
export interface StepSite {
  readonly code: Code;
  /** Puts an operand on the stack. */
  push(position: number): void;
  /** A local that keeps its value during this step only. */
  scratch(): Local;
  functionIndex(name: string): number;
}

/** Leaves the result of a step for four elements on the stack. */
export function emitStep({ operation, operands, type }: Step, site: StepSite): void {
  const { code, push } = site;
  const from = operands[0]?.type ?? type;
  if (isBinary(operation)) {
    const limit = from === "float32" ? limitOf(operation, operands) : undefined;
    if (limit !== undefined) {
      push(limit.of);
      push(1 - limit.of);
      code.simd(limit.by);
      return;
    }
    push(0);
    push(1);
    code.simd(BINARY[operation][from]);
    return;
  }
  if (isLaneFunction(operation)) {
    byLanes(site, site.functionIndex(operation));
    return;
  }
  switch (operation) {
    case "where":
      push(1);
      push(2);
      push(0);
      code.simd("v128.bitselect");
      return;
    case "neg": // 0 − x, as jax-js has it: never −0
      code.splatBits(0);
      push(0);
      code.simd(type === "float32" ? "f32x4.sub" : "i32x4.sub");
      return;
    case "reciprocal":
      code.splatFloat(1);
      push(0);
      code.simd("f32x4.div");
      return;
    case "exp":
    case "log":
    case "erf":
    case "erfc": {
      const x = site.scratch();
      push(0);
      code.set(x);
      if (operation === "exp") emitExp(code, x, site.scratch);
      else if (operation === "log") emitLog(code, x, site.scratch);
      else emitErrorFunction(code, operation, x, site.scratch);
      return;
    }
    case "cast":
      push(0);
      emitCast(code, from, type);
      return;
    case "bitcast":
    case "copy":
      push(0);
      return;
    default:
      push(0);
      if (type === "float32") code.simd(`f32x4.${operation}`);
  }
}

/**
 * A minimum or maximum with a number that is not 0, as a bound on the other operand: one instruction instead of five. `f32x4.min`
 * must look for NaN and for the sign of 0 on both sides; a comparison with such a number leaves NaN where it is, and meets no second 0.
 */
function limitOf(
  operation: Binary,
  operands: readonly Operand[],
): { readonly of: 0 | 1; readonly by: SimdName } | undefined {
  if (operation !== "min" && operation !== "max") return undefined;
  const at = operands.findIndex(
    (one) => one.kind === "number" && one.value !== 0 && !Number.isNaN(Math.fround(one.value)),
  );
  if (at === -1 || operands.length !== 2) return undefined;
  return { of: at === 0 ? 1 : 0, by: operation === "min" ? "f32x4.pmin" : "f32x4.pmax" };
}

/** Floats beyond the whole numbers become the nearest of them and NaN becomes 0. */
function emitCast(code: Code, from: ElementType, to: ElementType): void {
  if (from === to) return;
  if (to === "bool") code.splatBits(0).simd(from === "float32" ? "f32x4.ne" : "i32x4.ne");
  else if (from === "bool") {
    if (to === "float32") code.splatFloat(1).simd("v128.and");
    else code.splatBits(1).simd("v128.and");
  } else if (to === "float32")
    code.simd(from === "int32" ? "f32x4.convert_i32x4_s" : "f32x4.convert_i32x4_u");
  else if (from === "float32")
    code.simd(to === "int32" ? "i32x4.trunc_sat_f32x4_s" : "i32x4.trunc_sat_f32x4_u");
}

function byLanes({ code, push, scratch }: StepSite, functionIndex: number): void {
  const [x, result] = [scratch(), scratch()];
  push(0);
  code.tee(x).set(result);
  for (const lane of [0, 1, 2, 3]) {
    code.get(result).get(x).lane("f32x4.extract_lane", lane).plain("f64.promote_f32");
    code.call(functionIndex).plain("f32.demote_f64").lane("f32x4.replace_lane", lane).set(result);
  }
  code.get(result);
}
