/** The transpose of a row-major matrix [rows, columns], in blocks so that neither side is read in long jumps. */
export function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const BLOCK = 32;
  const turned = new Float32Array(matrix.length);
  for (let top = 0; top < rows; top += BLOCK) {
    const bottom = Math.min(top + BLOCK, rows);
    for (let left = 0; left < columns; left += BLOCK) {
      const right = Math.min(left + BLOCK, columns);
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) turned[j * rows + i] = matrix[i * columns + j] ?? 0;
      }
    }
  }
  return turned;
}
