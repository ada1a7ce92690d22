import { padTensor, reshapeTensor, sliceTensor, transposeTensor } from "../graph/layout.ts";
import { dim, range, type Shape, sizeOf } from "../graph/shape.ts";
import type { Rule } from "./rule.ts";

/** At most so many places of the kernel make one product per place the faster way. */
const FEW_PLACES = 27;
const isWide = (kernel: Shape, spatial: Shape, times: number): boolean =>
  sizeOf(spatial) <= FEW_PLACES && sizeOf(kernel) >= times * sizeOf(spatial);

/**
 * A kernel nearly as large as the image, the gradient of an ordinary convolution's weights: for each of the few
 * places it can take, the part of the image under it times the kernel, [N, C k] times [O, C k] transposed. The
 * Conv kernel would multiply matrices of that few columns, at a fraction of the speed.
 *
 * `times`: only for kernels with at least that many times as many elements as they have places; `rows`: and for matrices
 * of at least that many rows.
 */
export const convolutionByPlaces =
  (times: number, rows = 1): Rule =>
  ({ op, inputs, attributes, type }, { g }) => {
    const [x, w] = inputs;
    if (op !== "Conv" || !x || !w || attributes.group !== 1) return undefined;
    const [n, c, ...image] = x.shape as [number, number, ...number[]];
    const [o, , ...kernel] = w.shape as [number, number, ...number[]];
    const spatial = type.shape.slice(2);
    if (Math.min(n, o) < rows || !isWide(kernel, spatial, times)) return undefined;
    const { pads, strides, dilations } = attributes as Record<string, number[]>;
    if (!pads || !strides || !dilations) return undefined;
    const padded = padTensor(
      g,
      x,
      [0, 0, ...pads.slice(0, image.length)],
      [0, 0, ...pads.slice(image.length)],
    );
    const terms = c * sizeOf(kernel);
    const flat = reshapeTensor(g, w, [o, terms]);
    const { dtype } = x;
    // The runtime rearranges the second matrix first, which had better be the smaller one.
    const shape = n > o ? [n, o] : [o, n];
    const places = range(sizeOf(spatial)).map((index) => {
      let rest = index;
      const slices = spatial
        .map((length, j) => ({ length, j }))
        .reverse()
        .map(({ length, j }) => {
          const begin = (rest % length) * dim(strides, j);
          rest = Math.floor(rest / length);
          const step = dim(dilations, j);
          return { axis: 2 + j, begin, end: begin + (dim(kernel, j) - 1) * step + 1, step };
        });
      const part = reshapeTensor(g, sliceTensor(g, padded, slices), [n, terms]);
      const pair = n > o ? [part, flat] : [flat, part];
      const product = g.emit("Gemm", pair, { dtype, shape }, { transA: 0, transB: 1 });
      return reshapeTensor(g, product, [...shape, 1]);
    });
    const joined = g.emit("Concat", places, { dtype, shape: [...shape, places.length] }, { axis: 2 });
    return reshapeTensor(g, n > o ? joined : transposeTensor(g, joined, [1, 0, 2]), type.shape);
  };
