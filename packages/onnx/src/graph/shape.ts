export type Shape = readonly number[];

/** The number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((a, b) => a * b, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** `shape[i]`, which must exist. */
export function dim(shape: Shape, i: number): number {
  const found = shape[i < 0 ? shape.length + i : i];
  if (found === undefined) throw new Error(`internal: no dimension ${i} in [${shape}]`);
  return found;
}

export function range(end: number): number[] {
  return Array.from({ length: end }, (_, i) => i);
}
