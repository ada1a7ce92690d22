import { binary, type Operation, unary } from "../operation.ts";

const matrix = { of: "number", rank: 2 } as const;

const square = (shape: readonly number[]): boolean =>
  shape.length >= 2 && shape.at(-1) === shape.at(-2) && !shape.includes(0);

/** Diagonally dominant: far from singular. */
const regular = (x: string, n: number): string =>
  `np.tanh(np.nanToNum(${x}, { nan: 0, posinf: 1, neginf: -1 })).add(np.eye(${n}).mul(${n + 1}))`;

const linear = (name: string, write: (m: string) => string): Operation =>
  unary(name, { rank: 2 }, (x, { shape, dtype }) =>
    square(shape) && dtype === "float32" ? write(regular(x, shape.at(-1) ?? 1)) : undefined,
  );

/** Contractions, convolutions, windows and matrix functions. */
export const products: readonly Operation[] = [
  binary("np.matmul", { of: "number", rank: 1 }, (x, y, [a, b]) =>
    a.shape.at(-1) === b.shape.at(-2) ? `np.matmul(${x}, ${y})` : undefined,
  ),
  unary("np.matmul", matrix, (x) => `np.matmul(${x}, np.matrixTranspose(${x}))`),
  unary("np.einsum", matrix, (x, { shape }) =>
    shape.length === 2 ? `np.einsum("ij,kj->ik", ${x}, ${x})` : undefined,
  ),
  unary(
    "np.tensordot",
    matrix,
    (x, { shape }) => `np.tensordot(${x}, ${x}, [[${shape.length - 1}, 0], [${shape.length - 1}, 0]])`,
  ),
  binary("np.inner", { of: "number", rank: 1 }, (x, y, [a, b]) =>
    a.shape.at(-1) === b.shape.at(-1) ? `np.inner(${x}, ${y})` : undefined,
  ),
  binary("np.outer", { of: "number" }),
  unary("lax.conv", { rank: 3 }, (x, { shape }, r) => {
    if (shape.includes(0) || shape.length > 4) return undefined;
    const spatial = shape.slice(2);
    const kernel = [2, shape[1], ...spatial.map((n) => Math.min(n, r.integer(1, 4)))];
    const size = kernel.reduce<number>((a, b) => a * (b ?? 1), 1);
    const weights = `np.arange(${size}).mul(0.25).sub(1).reshape([${kernel}]).astype(v.dtype)`;
    const strides = spatial.map(() => r.integer(1, 3));
    return `((v) => lax.conv(v, ${weights}, [${strides}], "${r.of(["SAME", "VALID"])}"))(${x})`;
  }),
  ...["max", "sum", "min", "mean"].map((name) =>
    unary("lax.reduceWindow", { rank: 2 }, (x, { shape }, r) => {
      const spatial = shape.slice(-2);
      if (spatial.some((n) => n < 2)) return undefined;
      const window = spatial.map(() => r.integer(1, 3));
      const strides = r.chance(0.6) ? window : spatial.map(() => r.integer(1, 3));
      return `lax.reduceWindow(${x}, (w) => np.${name}(w), [${window}], [${strides}])`;
    }),
  ),
  linear("np.linalg.inv", (m) => `np.linalg.inv(${m})`),
  linear("np.linalg.det", (m) => `np.linalg.det(${m})`),
  linear(
    "lax.linalg.cholesky",
    (m) => `((m) => lax.linalg.cholesky(np.matmul(m.ref, np.matrixTranspose(m))))(${m})`,
  ),
];
