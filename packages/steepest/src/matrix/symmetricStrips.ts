import { numpy as np } from "@jax-js/jax";
import { expectMatrices } from "./shape.ts";

/** A matrix [..., n, k] cut into strips of rows, from the top. */
export type Strips = readonly np.Array[];

/** Below so many rows a symmetric product is computed whole: the copies would cost what the arithmetic saves. */
const CUT_FROM = 512;
/** More of them save little and make small products; 4 instead of 3 make 768 rows 6 % faster. */
const STRIPS = 4;

/** How many strips products of so many rows are cut into: 4, and 1 below n = 512. */
export function stripCount(rows: number): number {
  return rows < CUT_FROM ? 1 : STRIPS;
}

/** The share of the 2n²k FLOPs of a product that `symmetricProduct` spends: (s + 1)/2s for s strips, 5/8 for four. */
export function symmetricShare(rows: number): number {
  const count = stripCount(rows);
  return (count + 1) / (2 * count);
}

/** Cuts x [..., n, k] as symmetric products want it. Consumes x. */
export function cutStrips(x: np.Array): Strips {
  const { batch, rows } = expectMatrices("cutStrips", x);
  const count = stripCount(rows);
  if (count === 1) return [x];
  const all = batch.map((): [] => []);
  const edge = (i: number): number => Math.round((i * rows) / count);
  const strips = Array.from({ length: count }, (_, i) => x.ref.slice(...all, [edge(i), edge(i + 1)], []));
  x.dispose();
  return strips;
}

/** The matrix again. Consumes the strips. */
export function joinStrips(strips: Strips): np.Array {
  const [only] = strips;
  return only !== undefined && strips.length === 1 ? only : np.concatenate([...strips], -2);
}

/**
 * a bᵀ for matrices whose product is known to be symmetric: x xᵀ, or two polynomials of one symmetric matrix. Only the
 * blocks on and below the diagonal are multiplied, those above are their transposes. Consumes both.
 */
export function symmetricProduct(a: Strips, b: Strips): Strips {
  const lower = a.map((left, i) =>
    b.slice(0, i + 1).map((right) => np.matmul(left.ref, np.matrixTranspose(right.ref))),
  );
  disposeStrips(a);
  disposeStrips(b);
  const product = lower.map((row, i) => {
    const right = lower.slice(i + 1).flatMap((below) => below[i] ?? []);
    const blocks = [...row.map((block) => block.ref), ...right.map((block) => np.matrixTranspose(block.ref))];
    const [only] = blocks;
    return only !== undefined && blocks.length === 1 ? only : np.concatenate(blocks, -1);
  });
  for (const row of lower) disposeStrips(row);
  return product;
}

/** x + value · I. Consumes x. */
export function addIdentity(x: Strips, value: number): Strips {
  const [first] = x;
  if (first === undefined) return x;
  const size = first.shape.at(-1) ?? 0;
  const identity = cutStrips(np.eye(size, size, { dtype: first.dtype }).mul(value));
  return mapStrips((strip, ones) => strip.add(ones), x, identity);
}

/** Strip by strip. Consumes what `fn` consumes. */
export function mapStrips(fn: (...strips: [np.Array, np.Array]) => np.Array, a: Strips, b: Strips): Strips {
  return a.map((strip, i) => {
    const other = b[i];
    if (other === undefined || a.length !== b.length)
      throw new Error("internal: strips of different matrices");
    return fn(strip, other);
  });
}

/** A second use of the same strips. */
export const refStrips = (strips: Strips): Strips => strips.map((strip) => strip.ref);

export function disposeStrips(strips: Strips): void {
  for (const strip of strips) strip.dispose();
}
