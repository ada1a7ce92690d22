import { choice, positive } from "../../define/options.ts";
import { type ManifoldName, manifoldNames } from "../../manifolds/named.ts";

/** Options that choose a manifold. */
export const manifoldOptions = {
  manifold: choice<ManifoldName>(
    "oblique",
    manifoldNames,
    "unit columns, fixed Frobenius norm, or orthonormal columns",
  ),
  vectors: choice("columns", ["columns", "rows"], "which are unit on the oblique manifold"),
  radius: positive(1, "Frobenius norm on the sphere"),
};
