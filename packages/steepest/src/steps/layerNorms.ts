import { listParameters } from "../core/parameters/listParameters.ts";
import type { Parameter } from "../core/parameters/parameter.ts";
import type { Roles } from "../core/parameters/roleOf.ts";
import { givenRole } from "../core/parameters/roleOf.ts";
import { namedLeaves, type Tree } from "../core/tree.ts";
import { type LayerNorm, type ProductKind, productNorm, type TreeNorm } from "../norms/product.ts";

/** The norm of a whole tree of parameters, made when their shapes are known. Borrows the tree. */
export type LayerNorms = (params: Tree) => TreeNorm;

export interface LayerNormsOptions {
  /** How the layers are put together. Default "max". */
  readonly kind?: ProductKind;
  /** Roles of the parameters; guessed from rank and name where absent. They may name others too. */
  readonly roles?: Roles | undefined;
}

/**
 * A norm for every parameter, put together to one norm of all of them: what methods take whose step size
 * depends on all layers at once. The product is made once for each set of paths and shapes.
 */
export function layerNorms(
  assign: (parameter: Parameter) => LayerNorm,
  { kind = "max", roles }: LayerNormsOptions = {},
): LayerNorms {
  const known = new Map<string, TreeNorm>();
  // A function, so that roles of parameters outside this tree are no error.
  const given: Roles = (path, shape) => givenRole(path, shape, roles);
  return (params) => {
    const signature = namedLeaves(params)
      .map(([path, { shape }]) => `${path}:${shape}`)
      .join(";");
    const found = known.get(signature);
    if (found !== undefined) return found;
    const made = productNorm(listParameters(params, given), assign, kind);
    known.set(signature, made);
    return made;
  };
}
