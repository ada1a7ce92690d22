import { padTensor, sliceTensor } from "../graph/layout.ts";
import { reshapeView } from "../graph/reshapeView.ts";
import { dim, range } from "../graph/shape.ts";
import { arrange, expandDims, tensorOrder, transposeView, type View, viewInOrder } from "../graph/view.ts";
import { castView } from "./elementwise.ts";
import { type Lowering, operand, resultType } from "./lowering.ts";

const transpose: Lowering<"transpose"> = (site) => [transposeView(operand(site, 0), site.params.perm)];

/** New dimensions stand at `axis`; dimensions of size 1 may grow. No data moves. */
const broadcast: Lowering<"broadcast"> = (site) => {
  const { shape, axis } = site.params;
  const x = operand(site, 0);
  let next = 0;
  const axes = shape.map((_, d) => (axis.includes(d) ? null : (x.axes[next++] ?? null)));
  return [{ ...x, shape, axes }];
};

const reshape: Lowering<"reshape"> = (site) => [reshapeView(site.g, operand(site, 0), site.params.shape)];

const flip: Lowering<"flip"> = (site) => {
  const x = operand(site, 0);
  const slices = site.params.axis.flatMap((d) => {
    const axis = x.axes[d];
    return axis === null || axis === undefined
      ? []
      : [{ axis, begin: dim(x.shape, d) - 1, end: -1, step: -1 }];
  });
  return [{ ...x, tensor: sliceTensor(site.g, x.tensor, slices) }];
};

const shrink: Lowering<"shrink"> = (site) => {
  const x = operand(site, 0);
  const { shape, dtype } = resultType(site);
  const slices = site.params.slice.flatMap(([begin, end], d) => {
    const axis = x.axes[d];
    return axis === null || axis === undefined ? [] : [{ axis, begin, end }];
  });
  const order = tensorOrder(x);
  const tensor = sliceTensor(site.g, x.tensor, slices);
  return [viewInOrder(site.g, tensor, dtype, shape, order)];
};

const pad: Lowering<"pad"> = (site) => {
  const { g, params } = site;
  const { shape, dtype } = resultType(site);
  const padded = range(shape.length).filter((d) => params.width[d]?.some((n) => n !== 0));
  const x = expandDims(g, operand(site, 0), padded);
  const order = range(shape.length).filter((d) => x.axes[d] !== null || padded.includes(d));
  const ordered = padded.every((d) => x.axes[d] !== null) ? tensorOrder(x) : order;
  const tensor = arrange(g, x, ordered, true);
  const [before, after] = [0, 1].map((side) => ordered.map((d) => params.width[d]?.[side] ?? 0));
  if (before === undefined || after === undefined) throw new Error("internal: pad without widths");
  return [viewInOrder(g, padTensor(g, tensor, before, after), dtype, shape, ordered)];
};

/** Concat needs equal layouts: the dimensions that any operand really has are written out in all. */
const concatenate: Lowering<"concatenate"> = (site) => {
  const { g, params } = site;
  const result = resultType(site);
  const views = site.inputs
    .filter((view) => view.shape.every((n) => n > 0))
    .map((view) => castView(g, view, result.dtype));
  const only = views[0];
  if (views.length === 1 && only !== undefined) return [only];
  const live = range(result.shape.length).filter(
    (d) => d === params.axis || views.some((view) => view.axes[d] !== null),
  );
  const largest = views.reduce((a, b) => (b.tensor.shape.length > a.tensor.shape.length ? b : a));
  const known = tensorOrder(largest);
  const order = known.length === live.length ? known : live;
  const tensors = views.map((view) => arrange(g, view, order, true));
  const shape = order.map((d) => dim(result.shape, d));
  const joined = g.emit(
    "Concat",
    tensors,
    { dtype: result.dtype, shape },
    { axis: order.indexOf(params.axis) },
  );
  return [viewInOrder(g, joined, result.dtype, result.shape, order)];
};

const split: Lowering<"split"> = (site) => {
  const { g, params } = site;
  const x = operand(site, 0);
  const axis = x.axes[params.axis];
  const order = tensorOrder(x);
  let begin = 0;
  return site.results.map((result, i): View => {
    const end = begin + dim(params.sizes, i);
    const slices = axis === null || axis === undefined || begin === end ? [] : [{ axis, begin, end }];
    const tensor = sliceTensor(g, x.tensor, slices);
    begin = end;
    return slices.length === 0
      ? { ...x, shape: result.shape, axes: x.axes }
      : viewInOrder(g, tensor, result.dtype, result.shape, order);
  });
};

export const movement = { transpose, broadcast, reshape, flip, shrink, pad, concatenate, split };
