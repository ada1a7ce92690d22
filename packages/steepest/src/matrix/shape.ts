import type { numpy as np } from "@jax-js/jax";

/**
 * The batch shape, rows and columns of `[..., m, n]`. Borrows x.
 *
 * Throws, naming the function and the shape, if x has fewer than two axes or an empty one.
 */
export function expectMatrices(
  where: string,
  x: np.Array,
): { batch: number[]; rows: number; columns: number } {
  const [columns, rows] = [x.shape.at(-1), x.shape.at(-2)];
  if (rows === undefined || columns === undefined)
    throw new Error(
      `${where} needs a matrix or a stack of them, [..., rows, columns]; got shape [${x.shape}]. ` +
        "Reshape it, or treat vectors by another rule",
    );
  if (x.shape.includes(0)) throw new Error(`${where} needs at least one entry; got shape [${x.shape}]`);
  return { batch: x.shape.slice(0, -2), rows, columns };
}

/** The same for square matrices [..., n, n]. Borrows x. Throws for other shapes. */
export function expectSquare(where: string, x: np.Array): { batch: number[]; size: number } {
  const { batch, rows, columns } = expectMatrices(where, x);
  if (rows !== columns) throw new Error(`${where} needs a square matrix; got shape [${x.shape}]`);
  return { batch, size: rows };
}
