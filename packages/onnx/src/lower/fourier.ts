import { reshapeTensor, sliceTensor } from "../graph/layout.ts";
import { materialize, viewOf } from "../graph/view.ts";
import { castTensor } from "./elementwise.ts";
import { type Lowering, operand, resultType } from "./lowering.ts";

/** Complex Fourier transform over the last dimension; the inverse divides by its length. */
const fft: Lowering<"fft"> = (site) => {
  const { g, params } = site;
  const { shape, dtype } = resultType(site);
  const flat = [shape.slice(0, -1).reduce((a, b) => a * b, 1), shape.at(-1) ?? 1, 1];
  const through = dtype === "float16" ? "float32" : dtype;
  const parts = [0, 1].map((i) =>
    reshapeTensor(g, castTensor(g, materialize(g, operand(site, i)), through), flat),
  );
  const pair = { dtype: through, shape: [...flat.slice(0, 2), 2] };
  const joined = g.emit("Concat", parts, pair, { axis: 2 });
  const axis = { axis: 1, inverse: params.inverse ? 1 : 0, onesided: 0 };
  const transformed = g.emit("DFT", [joined], pair, axis);
  return [0, 1].map((i) => {
    const part = sliceTensor(g, transformed, [{ axis: 2, begin: i, end: i + 1 }]);
    return viewOf(g, castTensor(g, reshapeTensor(g, part, shape), dtype), dtype);
  });
};

export const fourier = { fft };
