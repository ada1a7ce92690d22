import { describeOptimizer, type OptimizerDefinition, type OptimizerName, optimizerNames } from "steepest";

/** The two spectra of the map, and what lies beside them. */
export const regions = [
  {
    name: "structure",
    title: "By the structure of the Fisher estimate",
    about:
      "A step F^(−1/2) g: from a number for every weight to the whole covariance, the more structure the more state.",
  },
  {
    name: "norm",
    title: "By the norm of the step",
    about:
      "A step against the gradient in the unit ball of a norm: entries, rows and columns, or singular values.",
  },
  {
    name: "manifold",
    title: "By the manifold",
    about: "Weights or steps stay on a surface: unit rows, a sphere, orthonormal columns.",
  },
] as const;
export type RegionName = (typeof regions)[number]["name"];

/** How much state a method keeps of a hidden weight. */
export const stateClasses = [
  { name: "none", title: "no state" },
  { name: "less", title: "less than a copy" },
  { name: "one", title: "one copy" },
  { name: "two", title: "two copies" },
  { name: "more", title: "more" },
  { name: "inner", title: "as its inner method" },
] as const;
export type StateClass = (typeof stateClasses)[number]["name"];

/** A method on the map. */
export interface Method {
  readonly name: OptimizerName;
  readonly entry: OptimizerDefinition;
  readonly region: RegionName;
  readonly state: StateClass;
}

const regionOf: Readonly<Record<OptimizerDefinition["family"], RegionName>> = {
  gradient: "structure",
  fisher: "structure",
  "norm-constrained": "norm",
  manifold: "manifold",
};

/** From the formula of an entry, of hidden weights, with the defaults. */
export function stateClassOf(formula: string): StateClass {
  const hidden = (formula.split(/[;,(]| for /)[0] ?? "").trim();
  if (hidden === "0") return "none";
  if (hidden.startsWith("that of")) return "inner";
  if (/^m \+ n|^0 \+ n/.test(hidden)) return "less";
  const copies = /^(\d*)mn\b/.exec(hidden);
  if (copies === null) return "more";
  const grown = /[²³]|\bq·|r\b/.test(hidden.slice(copies[0].length));
  if (grown || Number(copies[1] || 1) > 2) return "more";
  return copies[1] === "2" ? "two" : "one";
}

/** All methods of the catalogue. */
export const allMethods = (): Method[] =>
  optimizerNames().map((name) => {
    const entry = describeOptimizer(name);
    return { name, entry, region: regionOf[entry.family], state: stateClassOf(entry.state) };
  });

/** The words of a query all occur in what is said of a method. */
export function matches({ name, entry }: Method, query: string): boolean {
  const text = [name, entry.summary, entry.geometry, entry.source, entry.state].join(" ").toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const order = stateClasses.map(({ name }) => name);

/** Methods of one geometry together: those first whose methods keep least, of these the largest groups. */
export function byGeometry(methods: readonly Method[]): [string, Method[]][] {
  const groups = new Map<string, Method[]>();
  for (const method of methods) {
    const key = method.entry.geometry;
    groups.set(key, [...(groups.get(key) ?? []), method]);
  }
  const least = (group: readonly Method[]): number =>
    Math.min(...group.map(({ state }) => order.indexOf(state)));
  return [...groups].sort(([a, x], [b, y]) => least(x) - least(y) || y.length - x.length || (a < b ? -1 : 1));
}
