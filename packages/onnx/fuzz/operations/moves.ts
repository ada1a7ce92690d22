import { axisOf, binary, type Operation, sizeOf, unary, type Value } from "../operation.ts";
import type { SeededRandom } from "../seededRandom.ts";

const options = { exact: true, of: "any" } as const;
const ranked = { ...options, rank: 1 } as const;
const matrix = { ...options, rank: 2 } as const;

/** The axes in another order. */
const order = ({ shape }: Value, r: SeededRandom): string => `[${r.shuffled([...shape.keys()])}]`;

/** The same number of elements in another shape. */
function reshaped(v: Value, r: SeededRandom): string {
  const size = sizeOf(v);
  if (size === 0) return `[${r.shuffled(v.shape)}]`;
  const shape: number[] = [];
  let left = size;
  for (const factor of r.shuffled([2, 2, 3, 4, 1])) {
    if (left % factor !== 0 || !r.chance(0.6)) continue;
    shape.push(factor);
    left /= factor;
  }
  shape.splice(r.integer(0, shape.length + 1), 0, left);
  return `[${shape}]`;
}

/** A range of each axis, empty ones too. */
const ranges = ({ shape }: Value, r: SeededRandom): string =>
  shape
    .map((n) => {
      const begin = r.integer(0, n + 1);
      return `[${begin}, ${r.integer(begin, n + 1)}]`;
    })
    .join(", ");

const widths = ({ shape }: Value, r: SeededRandom): string =>
  `[${shape.map(() => `[${r.of([0, 0, 1])}, ${r.of([0, 0, 2])}]`).join(", ")}]`;

const positions = (n: number, r: SeededRandom): string =>
  `np.array([${Array.from({ length: 4 }, () => r.integer(0, n))}], { dtype: "int32" })`;

/** Operations that only place elements. */
export const moves: readonly Operation[] = [
  unary("np.transpose", options, (x, v, r) => `np.transpose(${x}, ${order(v, r)})`),
  unary("np.reshape", options, (x, v, r) => `${x}.reshape(${reshaped(v, r)})`),
  unary("np.ravel", options),
  unary(
    "np.broadcastTo",
    options,
    (x, v, r) => `np.broadcastTo(${x}, [${r.integer(0, 4)}, ${v.shape.map((n) => (n === 1 ? 3 : n))}])`,
  ),
  unary("np.expandDims", options, (x, v, r) => `np.expandDims(${x}, ${r.integer(0, v.shape.length + 1)})`),
  unary("np.flip", ranked, (x, v, r) => `np.flip(${x}, ${axisOf(v, r)})`),
  unary("np.roll", ranked, (x, v, r) => `np.roll(${x}, ${r.integer(-3, 4)}, ${axisOf(v, r)})`),
  unary("np.moveaxis", ranked, (x, v, r) => `np.moveaxis(${x}, ${axisOf(v, r)}, ${axisOf(v, r)})`),
  unary("np.repeat", ranked, (x, v, r) => `np.repeat(${x}, ${r.integer(1, 4)}, ${axisOf(v, r)})`),
  unary("np.tile", options, (x, _, r) => `np.tile(${x}, [${r.integer(1, 3)}, ${r.integer(1, 3)}])`),
  // jax-js 0.1.25 reads what it pads nothing with from memory
  unary("np.pad", ranked, (x, v, r) => (v.shape.includes(0) ? undefined : `np.pad(${x}, ${widths(v, r)})`)),
  unary("slice", ranked, (x, v, r) => `${x}.slice(${ranges(v, r)})`),
  unary("np.split", ranked, (x, v, r) => {
    const axis = r.integer(0, v.shape.length);
    const n = v.shape[axis] ?? 0;
    return n < 2 ? undefined : `pick(np.split(${x}, [${r.integer(0, n)}], ${axis}), ${r.integer(0, 2)})`;
  }),
  unary("np.take", ranked, (x, v, r) => {
    const axis = r.integer(0, v.shape.length);
    const n = v.shape[axis] ?? 0;
    return n === 0 ? undefined : `np.take(${x}, ${positions(n, r)}, ${axis})`;
  }),
  unary("np.takeAlongAxis", { ...ranked, of: "number" }, (x, v) =>
    v.shape.includes(0) ? undefined : `np.takeAlongAxis(${x}, np.zeros([${v.shape}]).astype("int32"), -1)`,
  ),
  ...["tril", "triu"].map((name) =>
    unary(`np.${name}`, { ...matrix, of: "number" }, (x, _, r) => `np.${name}(${x}, ${r.integer(-1, 2)})`),
  ),
  unary("np.diagonal", matrix, (x) => `np.diagonal(${x})`),
  unary("np.trace", { ...matrix, of: "number" }),
  unary("np.rot90", matrix, (x, _, r) => `np.rot90(${x}, ${r.integer(1, 4)})`),
  unary("np.diag", { ...ranked, of: "number" }, (x, v, r) =>
    v.shape.length === 1 && v.shape[0] !== 0 ? `np.diag(${x}, ${r.integer(-1, 2)})` : undefined,
  ),
  unary(
    "astype",
    { exact: true, strict: true, of: "any" },
    (x, _, r) => `${x}.astype("${r.of(["float32", "float64", "int32", "uint32", "bool", "float32"])}")`,
  ),
  binary(
    "np.concatenate",
    ranked,
    (x, y, [v], r) => `np.concatenate([${x}, ${y}], ${r.integer(0, v.shape.length)})`,
  ),
  binary(
    "np.stack",
    options,
    (x, y, [v], r) => `np.stack([${x}, ${y}], ${r.integer(0, v.shape.length + 1)})`,
  ),
];
