import type { Dtype } from "../arrays/dtype.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { reshapeTensor } from "../graph/layout.ts";
import { dim, range, type Shape, sizeOf } from "../graph/shape.ts";
import { arrange, broadcastTo, tensorOrder, type View, viewInOrder } from "../graph/view.ts";
import { castView, elementwise, promoted, zeroProduct } from "./elementwise.ts";
import { type Lowering, operand, type ResultType, resultType } from "./lowering.ts";
import { reduceView } from "./reduction.ts";

/** One side of a product, as [batch, rows, K] or, transposed, [batch, K, rows]. */
interface Side {
  readonly tensor: Tensor;
  readonly transposed: boolean;
}

const sizes = (shape: Shape, dims: readonly number[]): number => sizeOf(dims.map((d) => dim(shape, d)));

/** Brings a view to three dimensions in whichever order moves less data. */
function side(
  g: Graph,
  view: View,
  batch: readonly number[],
  rows: readonly number[],
  k: number,
  shape: Shape,
): Side {
  const own = tensorOrder(view);
  const plain = [...batch, ...rows, k];
  const isPlain = plain.every((d, i) => own[i] === d);
  // Where data must move, rows and K keep their order: then it moves in long pieces, and once for both uses.
  const transposed = !isPlain && rows.length > 0 && own.indexOf(k) < own.indexOf(dim(rows, 0));
  const order = transposed ? [...batch, k, ...rows] : plain;
  const [b, m, n] = [sizes(shape, batch), sizes(shape, rows), dim(shape, k)];
  const tensor = arrange(g, view, order, true);
  return { tensor: reshapeTensor(g, tensor, transposed ? [b, n, m] : [b, m, n]), transposed };
}

const swapped = (g: Graph, { tensor }: Side): Tensor => {
  const [b, m, n] = [0, 1, 2].map((i) => dim(tensor.shape, i));
  const shape = [b, n, m] as number[];
  return g.emit("Transpose", [tensor], { dtype: tensor.dtype, shape }, { perm: [0, 2, 1] });
};

/** [b, m, k] times [b, n, k] transposed: [b, m, n]. Unbatched float products are one Gemm. */
function product(g: Graph, left: Side, right: Side): Tensor {
  const { dtype } = left.tensor;
  const b = dim(left.tensor.shape, 0);
  const m = dim(left.tensor.shape, left.transposed ? 2 : 1);
  const n = dim(right.tensor.shape, right.transposed ? 2 : 1);
  if (b === 1 && (dtype === "float32" || dtype === "float64")) {
    const [x, y] = [left, right].map(({ tensor }) => reshapeTensor(g, tensor, tensor.shape.slice(1)));
    if (x === undefined || y === undefined) throw new Error("internal: product needs two sides");
    const attributes = { transA: left.transposed ? 1 : 0, transB: right.transposed ? 0 : 1 };
    return reshapeTensor(g, g.emit("Gemm", [x, y], { dtype, shape: [m, n] }, attributes), [1, m, n]);
  }
  // The runtime folds a transpose that stands right before a MatMul into it.
  const x = left.transposed ? swapped(g, left) : left.tensor;
  const y = right.transposed ? right.tensor : swapped(g, right);
  return g.emit("MatMul", [x, y], { dtype, shape: [b, m, n] });
}

/** Matrix products wrap around in int32 as in uint32, and for bool only zero or not matters. */
const throughOf = (dtype: Dtype): Dtype | undefined =>
  dtype === "bool" || dtype === "uint32" ? "int32" : dtype === "float16" ? "float32" : undefined;

/** Below this many terms a product of two vectors is one MatMul; longer ones are summed in two stages. */
const SHORT = 2048;

/**
 * sum(x * y) over the last dimension, with broadcasting: one matrix product. Dimensions that both have are
 * its batch, those of one side its rows and columns, those of none stay repeated.
 */
export function contract(g: Graph, x: View, y: View, result: ResultType): View {
  const k = x.shape.length - 1;
  const { shape } = x;
  const [xReal, yReal] = [x.axes[k] !== null, y.axes[k] !== null];
  const outer = range(k);
  const dims = (inX: boolean, inY: boolean): number[] =>
    outer.filter((d) => (x.axes[d] !== null) === inX && (y.axes[d] !== null) === inY);
  const batch = dims(true, true);
  const [rows, columns] = [dims(true, false), dims(false, true)];
  const full: ResultType = { shape, dtype: result.dtype };
  const vectors = rows.length === 0 && columns.length === 0;
  if (!xReal && !yReal) return reduceView(g, "Add", elementwise(g, { op: "Mul" }, [x, y], full), [k], result);
  if (xReal !== yReal) {
    const [one, other] = xReal ? [x, y] : [y, x];
    const summed = reduceView(g, "Add", one, [k], result);
    const rest: View = { ...other, shape: result.shape, axes: other.axes.slice(0, -1) };
    return elementwise(g, { op: "Mul" }, [summed, rest], result);
  }
  if (vectors && (batch.length > 0 || dim(shape, k) > SHORT))
    return reduceView(g, "Add", elementwise(g, { op: "Mul" }, [x, y], full), [k], result);

  const inOrder = (view: View, wanted: readonly number[]): number[] =>
    tensorOrder(view).filter((d) => wanted.includes(d));
  const [b, m, n] = [inOrder(x, batch), inOrder(x, rows), inOrder(y, columns)];
  const flipped = n.length > 0 && m.length > 0 && dim(n, 0) < dim(m, 0);
  const left = flipped ? side(g, y, b, n, k, shape) : side(g, x, b, m, k, shape);
  const right = flipped ? side(g, x, b, m, k, shape) : side(g, y, b, n, k, shape);
  const order = flipped ? [...b, ...n, ...m] : [...b, ...m, ...n];
  const computed = product(g, left, right);
  const tensor = reshapeTensor(
    g,
    computed,
    order.map((d) => dim(shape, d)),
  );
  return viewInOrder(g, tensor, result.dtype, result.shape, order);
}

const dot: Lowering<"dot"> = (site) => {
  const { g } = site;
  const result = resultType(site);
  const through = throughOf(result.dtype);
  const rank = Math.max(operand(site, 0).shape.length, operand(site, 1).shape.length);
  const shapes = site.inputs.map(({ shape }) => [...range(rank - shape.length).map(() => 1), ...shape]);
  const shape = range(rank).map((d) => Math.max(...shapes.map((s) => dim(s, d))));
  const [x, y] = promoted(g, site.inputs, result).map((view) =>
    castView(g, broadcastTo(view, shape), through ?? result.dtype),
  );
  if (x === undefined || y === undefined) throw new Error("internal: dot needs two operands");
  const zero = zeroProduct(g, [x, y], result);
  if (zero) return [zero];
  return [castView(g, contract(g, x, y, { ...result, dtype: x.dtype }), result.dtype)];
};

export const contraction = { dot };
