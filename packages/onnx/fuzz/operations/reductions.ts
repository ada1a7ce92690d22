import { axisOf, type Operation, unary, type Value } from "../operation.ts";
import type { SeededRandom } from "../seededRandom.ts";

/** Nothing, one axis, two axes, each perhaps kept. */
function over(v: Value, r: SeededRandom): string {
  const rank = v.shape.length;
  const kept = r.chance(0.3) ? ", { keepdims: true }" : "";
  if (rank === 0 || r.chance(0.2)) return kept === "" ? "" : `, null${kept}`;
  if (rank > 1 && r.chance(0.3)) return `, [${r.shuffled([...v.shape.keys()]).slice(0, 2)}]${kept}`;
  return `, ${axisOf(v, r)}${kept}`;
}

const along = (name: string, options: Parameters<typeof unary>[1]): Operation =>
  unary(name, options, (x, v, r) => `${name}(${x}${over(v, r)})`);

const axis = (name: string, options: Parameters<typeof unary>[1]): Operation =>
  unary(name, { ...options, rank: 1 }, (x, v, r) => `${name}(${x}, ${axisOf(v, r)})`);

const exact = { exact: true } as const;

/** Sums, extremes and what is made of them. */
export const reductions: readonly Operation[] = [
  ...["sum", "max", "min"].map((name) => along(`np.${name}`, { ...exact, of: "number" })),
  along("np.prod", { strict: true }),
  along("np.prod", { of: "integer", exact: true }),
  ...["mean", "var_", "std"].map((name) => along(`np.${name}`, {})),
  along("np.ptp", { ...exact, of: "number" }),
  ...["any", "all"].map((name) => along(`np.${name}`, { exact: true, strict: true, of: "bool" })),
  along("np.countNonzero", { exact: true, strict: true, of: "any" }),
  ...["nansum", "nanmax", "nanmin", "nanmean"].map((name) => along(`np.${name}`, { strict: true })),
  ...["argmax", "argmin"].map((name) => axis(`np.${name}`, { exact: true, strict: true, of: "number" })),
  axis("np.argsort", { exact: true, strict: true, of: "number" }),
  axis("np.sort", { exact: true, of: "number" }),
  axis("np.cumsum", {}),
  axis("np.cumprod", { strict: true }),
  axis("np.diff", exact),
  unary("lax.topK", { exact: true, strict: true, rank: 1 }, (x, v, r) => {
    const length = v.shape.at(-1) ?? 0;
    return length < 1 ? undefined : `pick(lax.topK(${x}, ${r.integer(1, length + 1)}), ${r.integer(0, 2)})`;
  }),
  unary("np.linalg.norm", {}, (x, v, r) =>
    v.shape.length < 1 ? undefined : `np.linalg.vectorNorm(${x}, { axis: ${axisOf(v, r)} })`,
  ),
];
