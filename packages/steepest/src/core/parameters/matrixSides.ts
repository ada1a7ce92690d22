/** Rows and columns of a weight seen as a matrix: `[d0, product of the rest]`. A vector is one column. */
export function matrixSides(shape: readonly number[]): [rows: number, cols: number] {
  const [rows = 1, ...rest] = shape;
  return [rows, rest.reduce((product, side) => product * side, 1)];
}
