import { isFloat, type TensorDtype } from "../arrays/dtype.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { dim, range } from "../graph/shape.ts";
import { arrange, expandDims, literal, type View, viewInOrder } from "../graph/view.ts";
import { castTensor } from "./elementwise.ts";
import { type Lowering, operand, type ResultType } from "./lowering.ts";

/** TopK has kernels for float32, float64, int32 and int64. */
const throughOf = (dtype: TensorDtype): TensorDtype =>
  dtype === "uint32" ? "int64" : dtype === "bool" ? "int32" : dtype === "float16" ? "float32" : dtype;

/** All elements of the last dimension in rising order; equal ones keep theirs, so the order is stable. */
function sorted(g: Graph, x: View, results: readonly ResultType[]): View[] {
  const last = x.shape.length - 1;
  const n = dim(x.shape, last);
  const full = expandDims(g, x, [last]);
  if (full.axes[last] === null) return [x, literal(g, "int32", 0, x.shape)];
  const order = range(x.shape.length).filter((d) => full.axes[d] !== null);
  const tensor = castTensor(g, arrange(g, full, order, true), throughOf(x.dtype));
  const { shape } = tensor;
  const float = isFloat(tensor.dtype);
  const keys = float ? sortingKeys(g, tensor) : tensor;
  const [ranked, places] = g.emitMany(
    "TopK",
    [keys, g.int64([n])],
    [
      { dtype: keys.dtype, shape },
      { dtype: "int64", shape },
    ],
    { axis: shape.length - 1, largest: 0, sorted: 1 },
  );
  if (ranked === undefined || places === undefined) throw new Error("internal: TopK has two outputs");
  const type = { dtype: tensor.dtype, shape };
  const values = float
    ? g.emit("GatherElements", [tensor, places], type, { axis: shape.length - 1 })
    : ranked;
  const back = [castTensor(g, values, x.dtype), castTensor(g, places, "int32")];
  return back.map((t, i) =>
    viewInOrder(g, t, i === 0 ? x.dtype : "int32", results[0]?.shape ?? shape, order),
  );
}

/**
 * Numbers in the order of the floats, with NaN after infinity: TopK has no order among NaNs. float64 has room for
 * both beyond the largest float32; an infinity of float64 itself stands among its largest numbers.
 */
function sortingKeys(g: Graph, tensor: Tensor): Tensor {
  const type = { dtype: "float64", shape: tensor.shape } as const;
  const infinity = g.scalar("float64", Number.POSITIVE_INFINITY);
  const isNaN = g.emit("IsNaN", [tensor], { dtype: "bool", shape: tensor.shape });
  const wide = castTensor(g, tensor, "float64");
  const bounded = g.emit("Min", [wide, g.scalar("float64", Number.MAX_VALUE)], type);
  return g.emit("Where", [isNaN, infinity, bounded], type);
}

const sort: Lowering<"sort"> = (site) => sorted(site.g, operand(site, 0), site.results).slice(0, 1);

const argsort: Lowering<"argsort"> = (site) => sorted(site.g, operand(site, 0), site.results);

export const sorting = { sort, argsort };
