/**
 * The rows and columns of x; throws, naming the norm's method, the shape and what to do, if x is not a nonempty
 * matrix. Borrows x.
 */
export function expectMatrix(where: string, x: { readonly shape: readonly number[] }): [number, number] {
  const [rows, columns] = x.shape;
  if (x.shape.length !== 2 || rows === undefined || columns === undefined)
    throw new Error(`${where} needs a matrix [dOut, dIn]; got shape [${x.shape}]. ${remedy(x.shape.length)}`);
  if (rows === 0 || columns === 0)
    throw new Error(`${where} needs at least one entry; got shape [${x.shape}]. Leave empty parameters out`);
  return [rows, columns];
}

function remedy(rank: number): string {
  if (rank < 2) return "Give gains and biases biasRms, biasSign or frobenius";
  if (rank <= 4) return "Give convolutions spectralConv, or split stacked weights into matrices";
  return "Reshape the parameter to a matrix, or use frobenius or max, which take any shape";
}

/** The extents of a convolution weight [dOut, dIn, ...kernel] of rank 3 or 4. Borrows x. */
export function expectConv(
  where: string,
  x: { readonly shape: readonly number[] },
): { dOut: number; dIn: number; kernel: number[] } {
  const [dOut, dIn, ...kernel] = x.shape;
  if (dOut === undefined || dIn === undefined || kernel.length < 1 || kernel.length > 2)
    throw new Error(
      `${where} needs a convolution [dOut, dIn, k] or [dOut, dIn, kh, kw]; got shape [${x.shape}]. ` +
        "Give matrices spectral and vectors biasRms",
    );
  if (x.shape.includes(0))
    throw new Error(`${where} needs at least one entry; got shape [${x.shape}]. Leave empty parameters out`);
  return { dOut, dIn, kernel };
}
