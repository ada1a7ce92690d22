import type { GraphBuilder } from "./graphBuilder.ts";
import type { Equation } from "./jaxpr.ts";
import type { Layout } from "./layout.ts";
import { readProduct } from "./readProduct.ts";
import { inShape, spread, surrounded } from "./spatial.ts";
import type { Placed, Value } from "./value.ts";

/** As jax-js has them, a number or a pair for each spatial dimension. */
interface SpatialParams {
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly lhsDilation: readonly number[];
  readonly rhsDilation: readonly number[];
}

/**
 * A convolution (`vmapDims` leading dimensions that both operands have) of [..., n, c, ...spatial] with filters [..., o, c, ...sides]: the patches of the first, a row each, are written
 * out and multiplied with the filters. The result is made as [..., n, ...places, o], so that its rows are many and long, and seen as
 * [..., n, o, ...places]. Gradients are convolutions too, with the batch as channels.
 */
export function readConvolution(
  builder: GraphBuilder,
  [images, filters]: readonly [Value, Value],
  { vmapDims, ...spatialParams }: Equation["params"],
  shape: readonly number[],
  multiply: (a: Value, b: Value, shape: readonly number[]) => Placed,
): Placed {
  const v: number = vmapDims;
  const { strides, padding, lhsDilation, rhsDilation } = spatialParams as SpatialParams;
  const outer = shape.slice(0, v + 1);
  const [channels = 1, ...sides] = filters.layout.shape.slice(v + 1);
  const filterCount = shape[v + 1] ?? 1;
  const places = shape.slice(v + 2);
  const whole = surrounded(builder, spread(builder, images, v + 2, lhsDilation), v + 2, padding);
  const spatial = whole.layout.strides.slice(v + 2);
  const patches: Layout = {
    shape: [...outer, ...places, channels, ...sides],
    strides: [
      ...whole.layout.strides.slice(0, v + 1),
      ...spatial.map((stride, i) => stride * (strides[i] ?? 1)),
      whole.layout.strides[v + 1] ?? 0,
      ...spatial.map((stride, i) => stride * (rhsDilation[i] ?? 1)),
    ],
    offset: whole.layout.offset,
  };
  const depth = [channels, ...sides].reduce((product, n) => product * n, 1);
  const left = inShape(builder, { node: whole.node, layout: patches }, [...outer, ...places, 1, depth]);
  const ones = places.map(() => 1);
  const right = inShape(builder, filters, [...outer.slice(0, v), 1, ...ones, filterCount, depth]);
  const turned = [...outer, ...places, filterCount];
  const product = readProduct(
    builder,
    [
      { ...left, weak: images.weak },
      { ...right, weak: filters.weak },
    ],
    turned,
    multiply,
  );
  const order = [...outer.keys(), turned.length - 1, ...places.map((_, i) => v + 1 + i)];
  return {
    node: product.node,
    layout: {
      shape,
      strides: order.map((i) => product.layout.strides[i] ?? 0),
      offset: product.layout.offset,
    },
  };
}
