import { type Assignment, catalog } from "steepest";

/** Five quintic Newton–Schulz steps on an m × n matrix, n ≤ m: about 6·m·n² operations each. */
const MATRIX = 30;

/** What an update element by element takes as long as: about 1.5 ns an entry, at 70 GFLOP/s of one thread. */
const ENTRY = 100;

/**
 * How much work the update of one parameter is, in floating-point operations, for sharing parameters out: `100·mn`, and for a method
 * that takes a matrix whole `30·max(m, n)·min(m, n)²` more. What matters is the ratio of two parameters.
 */
export function updateCost({ shape, role, method }: Pick<Assignment, "shape" | "role" | "method">): number {
  const size = shape.reduce((a, b) => a * b, 1);
  const [rows = 1] = shape;
  const columns = rows === 0 ? 0 : size / rows;
  const matrix = (role === "hidden" || role === "conv") && isMatrixMethod(method.name);
  return ENTRY * size + (matrix ? MATRIX * size * Math.min(rows, columns) : 0);
}

const computations = new Map<string, string>(
  Object.values(catalog).map(({ definition }) => [definition.name, definition.computation]),
);

/** Norms of singular values: what the methods of Scion and its relatives are named after, one for each norm. */
const OF_SINGULAR_VALUES = /^(spectral|operator|nuclear|schatten|kyfan|f_star|f_two)/;

/** Whether a method does more with a weight than go over its entries. */
function isMatrixMethod(name: string): boolean {
  if (OF_SINGULAR_VALUES.test(name)) return true;
  const computation = computations.get(name);
  return computation !== undefined && computation !== "O(mn)" && computation !== "O(mn·T)";
}
