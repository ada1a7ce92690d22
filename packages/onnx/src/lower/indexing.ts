import type { Graph, Tensor } from "../graph/graph.ts";
import { reshapeTensor, sliceTensor } from "../graph/layout.ts";
import { dim, range, type Shape, sizeOf } from "../graph/shape.ts";
import {
  arrange,
  broadcastTo,
  expandDims,
  literal,
  tensorOrder,
  type View,
  viewInOrder,
} from "../graph/view.ts";
import { castTensor, castView, elementwise } from "./elementwise.ts";
import { type Lowering, operand, type ResultType, resultType } from "./lowering.ts";
import { select } from "./select.ts";

const broadcastShape = (shapes: readonly Shape[]): number[] => {
  const rank = Math.max(...shapes.map((s) => s.length));
  return range(rank).map((d) =>
    Math.max(...shapes.map((s) => (d < rank - s.length ? 1 : dim(s, d - rank + s.length)))),
  );
};

const strides = (sizes: Shape): number[] => sizes.map((_, i) => sizeOf(sizes.slice(i + 1)));

/** Indices into several dimensions as one index into their product, row-major. */
function linear(g: Graph, indices: readonly View[], sizes: Shape, shape: Shape): View {
  const type: ResultType = { shape, dtype: "int32" };
  const steps = strides(sizes);
  return indices
    .map((index, i) => {
      const factor = literal(g, "int32", dim(steps, i), shape);
      const whole = broadcastTo(castView(g, index, "int32"), shape);
      return dim(steps, i) === 1 ? whole : elementwise(g, { op: "Mul" }, [whole, factor], type);
    })
    .reduce((a, b) => elementwise(g, { op: "Add" }, [a, b], type));
}

/** Where the dimensions of the indices and the untouched dimensions stand in the result. */
function resultDims(rank: number, axis: readonly number[], outDim: number, indexRank: number) {
  const free = range(rank).filter((d) => !axis.includes(d));
  const place = (k: number): number => (k < outDim ? k : k + indexRank);
  return { free, freeDims: free.map((_, k) => place(k)), indexDims: range(indexRank).map((k) => outDim + k) };
}

/** x[:, ...indices, :]. An index outside its dimension stops the run with the runtime's message. */
const gather: Lowering<"gather"> = (site) => {
  const { g, params } = site;
  const result = resultType(site);
  const indices = site.inputs.slice(1);
  const shape = broadcastShape(indices.map((v) => v.shape));
  const x = operand(site, 0);
  // A dimension that is repeated holds the same everywhere: its index does not matter.
  const real = params.axis.flatMap((d, i) => (x.axes[d] === null ? [] : [{ d, i }]));
  const { free, freeDims, indexDims } = resultDims(x.shape.length, params.axis, params.outDim, shape.length);
  const place = (d: number): number => dim(freeDims, free.indexOf(d));
  if (real.length === 0) {
    const axes: (number | null)[] = result.shape.map(() => null);
    for (const d of free) axes[place(d)] = x.axes[d] ?? null;
    return [{ ...x, shape: result.shape, axes }];
  }
  const used = real.map(({ i }) => operand({ inputs: indices }, i));
  if (real.length === 1)
    for (const { tensor } of used) site.checkedIndices.set(tensor.id, dim(x.shape, real[0]?.d ?? 0));
  const sizes = real.map(({ d }) => dim(x.shape, d));
  const single = real.length === 1;
  const index = single ? broadcastTo(used[0] ?? x, shape) : linear(g, used, sizes, shape);
  const merged = sizeOf(sizes);
  const own = tensorOrder(x);
  const others = own.filter((d) => !params.axis.includes(d));
  const order = single ? own : [...real.map(({ d }) => d), ...others];
  const tensor = single ? x.tensor : arrange(g, x, order, true);
  const data = single ? tensor : reshapeTensor(g, tensor, [merged, ...others.map((d) => dim(x.shape, d))]);
  const axis = single ? (x.axes[real[0]?.d ?? 0] ?? 0) : 0;
  const positions = castTensor(g, index.tensor, index.dtype === "int32" ? "int32" : "int64");
  const gatheredShape = data.shape.flatMap((n, a) => (a === axis ? positions.shape : [n]));
  const gathered = g.emit("Gather", [data, positions], { dtype: x.dtype, shape: gatheredShape }, { axis });
  const labels = (single ? order : [-1, ...others]).flatMap((d, a) =>
    a === axis ? tensorOrder(index).map((k) => dim(indexDims, k)) : [place(d)],
  );
  return [viewInOrder(g, gathered, x.dtype, result.shape, labels)];
};

const zerosOf = (g: Graph, tensor: Tensor, shape: Shape): Tensor =>
  g.emit(
    "ConstantOfShape",
    [g.int64(shape)],
    { dtype: tensor.dtype, shape },
    { value: `zero ${tensor.dtype}` },
  );

/**
 * Updates written, or added, into zeros. Indices outside the result are dropped, as jax-js does: they go
 * to one more row that is cut off. That is left out when a gather reads with the same indices (the usual
 * case, a gradient), since it has checked them.
 */
const scatter: Lowering<"scatter"> = (site) => {
  const { g, params } = site;
  const result = resultType(site);
  const indices = site.inputs.slice(1);
  const shape = broadcastShape(indices.map((v) => v.shape));
  const sizes = params.axis.map((d) => dim(params.shape, d));
  const merged = sizeOf(sizes);
  const { free, freeDims, indexDims } = resultDims(
    params.shape.length,
    params.axis,
    params.outDim,
    shape.length,
  );
  const checked = indices.every(({ tensor }, i) => {
    const size = site.checkedIndices.get(tensor.id);
    return size !== undefined && size <= dim(sizes, i);
  });
  const valid = checked ? undefined : inBounds(g, indices, sizes, shape);
  const flat = linear(g, indices, sizes, shape);
  const target = valid
    ? select(g, valid, flat, literal(g, "int32", merged, shape), { shape, dtype: "int32" })
    : flat;
  const count = sizeOf(shape);
  const positions = castTensor(g, arrange(g, target, range(shape.length), true), "int64");
  const through = result.dtype === "bool" ? "int32" : result.dtype;
  const updates = arrange(
    g,
    castView(g, expandDims(g, operand(site, 0), range(result.shape.length)), through),
    [...indexDims, ...freeDims],
    true,
  );
  const rest = free.map((d) => dim(params.shape, d));
  const padded = [valid ? merged + 1 : merged, ...rest];
  const adds = params.op === "add" && !params.uniqueIndices;
  const scattered = g.emit(
    "ScatterND",
    [
      zerosOf(g, updates, padded),
      reshapeTensor(g, positions, [count, 1]),
      reshapeTensor(g, updates, [count, ...rest]),
    ],
    { dtype: through, shape: padded },
    { reduction: adds ? "add" : "none" },
  );
  const kept = sliceTensor(g, scattered, [{ axis: 0, begin: 0, end: merged }]);
  const view = viewInOrder(g, reshapeTensor(g, kept, [...sizes, ...rest]), through, result.shape, [
    ...params.axis,
    ...free,
  ]);
  return [castView(g, view, result.dtype)];
};

function inBounds(g: Graph, indices: readonly View[], sizes: Shape, shape: Shape): View {
  const type: ResultType = { shape, dtype: "bool" };
  const op = (name: string, ...views: View[]): View => elementwise(g, { op: name }, views, type);
  return indices
    .map((index, i) => {
      const position = broadcastTo(castView(g, index, "int32"), shape);
      const below = op("Less", position, literal(g, "int32", dim(sizes, i), shape));
      return op("And", below, op("Not", op("Less", position, literal(g, "int32", 0, shape))));
    })
    .reduce((a, b) => op("And", a, b));
}

export const indexing = { gather, scatter };
