import type { Dtype, TensorDtype } from "../arrays/dtype.ts";
import type { Graph } from "../graph/graph.ts";
import { broadcastTo, literalValue, type View } from "../graph/view.ts";
import { castView, elementwise, fold } from "./elementwise.ts";
import { type Lowering, operand, type ResultType, resultType } from "./lowering.ts";

const RANK: readonly Dtype[] = ["bool", "uint32", "int32", "float16", "float32", "float64"];

/** jax-js's promotion: the later dtype in the chain, where a weak operand only pulls bool up to uint32. */
function promote(a: Dtype, aWeak: boolean, b: Dtype, bWeak: boolean): Dtype {
  const later = (x: Dtype, y: Dtype): Dtype => (RANK.indexOf(x) > RANK.indexOf(y) ? x : y);
  if (aWeak === bWeak) return later(a, b);
  return later(aWeak ? b : a, "uint32");
}

/** Kernels compare floats, int32 and int64. */
const compareThrough = (dtype: Dtype): TensorDtype | undefined =>
  dtype === "uint32" ? "int64" : dtype === "bool" ? "int32" : dtype === "float16" ? "float32" : undefined;

const OPERATORS = {
  less: ["Less", (a: number, b: number) => a < b],
  less_equal: ["LessOrEqual", (a: number, b: number) => a <= b],
  equal: ["Equal", (a: number, b: number) => a === b],
  not_equal: ["Equal", (a: number, b: number) => a !== b],
} as const;

const compare: Lowering<"compare"> = (site) => {
  const { g, weak, params } = site;
  const result = resultType(site);
  const [a, b] = [operand(site, 0), operand(site, 1)];
  const dtype = promote(a.dtype, weak[0] ?? false, b.dtype, weak[1] ?? false);
  const views = [castView(g, a, dtype), castView(g, b, dtype)];
  const [op, compute] = OPERATORS[params.op];
  const folded = fold(g, views, result, (x, y) => Number(compute(x, y)));
  if (folded) return [folded];
  const compared = elementwise(g, { op, through: compareThrough(dtype) }, views, result);
  if (params.op !== "not_equal") return [compared];
  return [elementwise(g, { op: "Not" }, [compared], result)];
};

/** `Where` lacks kernels for bool, which is logic, and uint32, which passes through int64. */
export function select(g: Graph, condition: View, x: View, y: View, result: ResultType): View {
  const known = literalValue(condition);
  if (known !== undefined) return broadcastTo(known !== 0 ? x : y, result.shape);
  if (result.dtype === "bool") {
    const op = (name: string, ...views: View[]): View => elementwise(g, { op: name }, views, result);
    return op("Or", op("And", condition, x), op("And", op("Not", condition), y));
  }
  if (result.dtype === "uint32") {
    const signed = [x, y].map((view) => castView(g, view, "int32"));
    return castView(
      g,
      elementwise(g, { op: "Where" }, [condition, ...signed], { ...result, dtype: "int32" }),
      "uint32",
    );
  }
  return elementwise(g, { op: "Where" }, [condition, x, y], result);
}

const where: Lowering<"where"> = (site) => {
  const result = resultType(site);
  const [x, y] = [1, 2].map((i) => castView(site.g, operand(site, i), result.dtype));
  if (x === undefined || y === undefined) throw new Error("internal: where needs three operands");
  return [select(site.g, operand(site, 0), x, y, result)];
};

const cast: Lowering<"cast"> = (site) => [castView(site.g, operand(site, 0), site.params.dtype)];

const stopGradient: Lowering<"stop_gradient"> = (site) => [operand(site, 0)];

export const selection = { compare, where, cast, stop_gradient: stopGradient };
