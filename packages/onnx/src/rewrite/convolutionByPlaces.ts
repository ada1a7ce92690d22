import { padTensor, reshapeTensor, sliceTensor } from "../graph/layout.ts";
import { dim, range, type Shape, sizeOf } from "../graph/shape.ts";
import type { Rule } from "./rule.ts";

/** At most so many places of the kernel, and a kernel so much larger, make one product per place the faster way. */
const FEW_PLACES = 27;
const isWide = (kernel: Shape, spatial: Shape): boolean =>
  sizeOf(spatial) <= FEW_PLACES && sizeOf(kernel) >= 4 * sizeOf(spatial);

/**
 * A kernel nearly as large as the image, the gradient of an ordinary convolution's weights: for each of the few
 * places it can take, the part of the image under it times the kernel, [N, C k] times [O, C k] transposed. The
 * Conv kernel would multiply matrices of that few columns, at a fraction of the speed.
 */
export const convolutionByPlaces: Rule = ({ op, inputs, attributes, type }, { g }) => {
  const [x, w] = inputs;
  if (op !== "Conv" || !x || !w || attributes.group !== 1) return undefined;
  const [n, c, ...image] = x.shape as [number, number, ...number[]];
  const [o, , ...kernel] = w.shape as [number, number, ...number[]];
  const spatial = type.shape.slice(2);
  if (!isWide(kernel, spatial)) return undefined;
  const { pads, strides, dilations } = attributes as Record<string, number[]>;
  if (!pads || !strides || !dilations) return undefined;
  const padded = padTensor(g, x, [0, 0, ...pads.slice(0, image.length)], [0, 0, ...pads.slice(image.length)]);
  const terms = c * sizeOf(kernel);
  const flat = reshapeTensor(g, w, [o, terms]);
  const { dtype } = x;
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
    const product = g.emit("Gemm", [part, flat], { dtype, shape: [n, o] }, { transA: 0, transB: 1 });
    return reshapeTensor(g, product, [n, o, 1]);
  });
  const joined = g.emit("Concat", places, { dtype, shape: [n, o, places.length] }, { axis: 2 });
  return reshapeTensor(g, joined, type.shape);
};
