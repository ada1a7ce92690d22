import { type Path, paths, shapes } from "./trees.ts";

const isHidden = (path: Path): boolean => path.startsWith("blocks");
const sides = (path: Path): [number, number] => {
  const [rows, cols = 1] = shapes[path];
  return [rows, cols];
};

/** A formula of m and n summed over some of the test's parameters. */
function total(which: (path: Path) => boolean, formula: (m: number, n: number) => number): number {
  return paths.filter(which).reduce((sum, path) => sum + formula(...sides(path)), 0);
}

export const everything = (formula: (m: number, n: number) => number): number => total(() => true, formula);

/** The formula for hidden weights, and AdamW's 2mn for the rest. */
export const hiddenOnly = (formula: (m: number, n: number) => number): number =>
  total(isHidden, formula) +
  total(
    (path) => !isHidden(path),
    (m, n) => 2 * m * n,
  );

const isMatrix = (path: Path): boolean => shapes[path].length > 1;

/** Floats of state by the table of algorithms/fisher.md, section 1.2, with default options. */
export const fisherStates = {
  adamax: everything((m, n) => 2 * m * n),
  nadam: everything((m, n) => 2 * m * n + 1),
  radam: everything((m, n) => 2 * m * n),
  ademamix: everything((m, n) => 3 * m * n),
  adafactor: everything((m, n) => m * n), // too small to be factored
  lamb: everything((m, n) => 2 * m * n),
  lars: everything((m, n) => m * n),
  column_normalized_sgd: hiddenOnly(() => 0),
  racs: hiddenOnly((m, n) => m + n + 1),
  shampoo:
    total(isMatrix, (m, n) => 2 * m * m + 2 * n * n + 2 * m * n) + // b1, and grafting on Adam
    total(
      (path) => !isMatrix(path),
      (m) => 2 * m,
    ),
  eigen_adam: hiddenOnly((m, n) => 2 * m * n + 2 * Math.min(m, n) ** 2),
  adadiag: hiddenOnly((m, n) => 2 * m * n + Math.min(m, n) ** 2),
  adadiag_pp: hiddenOnly((m, n) => 2 * m * n + m * m + n * n),
  soap:
    total(isMatrix, (m, n) => 2 * m * n + 2 * m * m + 2 * n * n) +
    total(
      (path) => !isMatrix(path),
      (m) => 2 * m,
    ),
  conda: hiddenOnly((m, n) => 2 * m * n + Math.min(m, n) ** 2),
  swan: hiddenOnly(() => 0),
  // Ranks of 128 are cut to min(m, n), where nothing is dropped.
  alice: hiddenOnly((m, n) => 2 * Math.max(m, n) * Math.min(m, n) + 2 * Math.min(m, n) ** 2),
  alice0: hiddenOnly((m, n) => 2 * Math.max(m, n) * Math.min(m, n) + Math.min(m, n) ** 2),
  // The longer side of a matrix, and both of a vector, are diagonal.
  psgd_kron:
    total(isMatrix, (m, n) => Math.min(m, n) ** 2 + Math.max(m, n) + 2) +
    total(
      (path) => !isMatrix(path),
      (m) => m + 1 + 2,
    ),
  kfac: hiddenOnly((m, n) => 2 * m * m + 2 * n * n + m + n + m * n),
  sophia_g: everything((m, n) => 2 * m * n),
  ngd: 0,
};

const isHead = (path: Path): boolean => path === "head";

/** The same for algorithms/manifold-and-weight-control.md. */
export const manifoldStates = {
  mano_simple: hiddenOnly(() => 0),
  mano_v2_both: hiddenOnly((m, n) => m * n),
  manifold_normalized: hiddenOnly((m, n) => m * n),
  rsgd: hiddenOnly(() => 0),
  rsgd_m: hiddenOnly((m, n) => m * n),
  hyperball: hiddenOnly((m, n) => m * n + 1),
  adam_hyperball: hiddenOnly((m, n) => 2 * m * n + 1) + 1, // the head's radius
  muon_hyperball: hiddenOnly((m, n) => m * n + 1) + total(isHead, () => 1),
  sso: hiddenOnly((m, n) => m * n),
  muon_sphere: hiddenOnly((m, n) => m * n),
  muown: hiddenOnly((m, n) => m * n + 4 * m),
  mcsd: hiddenOnly((m, n) => m * n),
  spel: hiddenOnly((m, n) => m * n),
  relative_update: hiddenOnly((m, n) => m * n),
  radial_brake: hiddenOnly((m, n) => m * n),
};

/** Optimizers whose weights keep the norm they start with, which must not be 0. */
export const keepsNorm: readonly string[] = ["hyperball", "adam_hyperball", "muon_hyperball"];

/** Optimizers that put a weight that is elsewhere on their manifold first. */
export const onManifold: readonly string[] = ["sso", "muon_sphere", "mcsd", "spel", "rsgd", "rsgd_m"];
