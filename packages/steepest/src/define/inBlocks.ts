import { numpy as np, random } from "@jax-js/jax";
import { blockPath, weightOfBlock } from "../core/parameters/blockPath.ts";
import type { Parameter, Role } from "../core/parameters/parameter.ts";
import type { Roles } from "../core/parameters/roleOf.ts";
import { givenRole, roleOf } from "../core/parameters/roleOf.ts";
import { blockCount, type RowBlocks, rowCuts } from "../core/parameters/rowCuts.ts";
import { type IsCut, inRowBlocks } from "../transforms/inRowBlocks.ts";
import { hiddenWeights, type Method, type Recipe } from "./definition.ts";

/**
 * A recipe whose hidden weights and convolutions are cut into blocks of rows before any of its methods sees them and joined
 * after, so that every stage, and a norm over all layers too, takes each block for a weight.
 */
export function inBlocks<V extends { readonly blocks: RowBlocks }>(recipe: Recipe<V>): Recipe<V> {
  return (values, context) => {
    const blocksOf = (path: string): RowBlocks => context.grouped.of(path).blocks;
    const { isCut, roles } = cutByRole(context.roles, blocksOf);
    return recipe(values, { ...context, roles }).map((method) => methodInBlocks(method, blocksOf, isCut));
  };
}

/** Cuts what is hidden or a convolution; the roles are those of the cut tree, a block having its weight's. */
function cutByRole(
  roles: Roles | undefined,
  blocksOf: (path: string) => RowBlocks,
): { isCut: IsCut; roles: Roles } {
  const cut = new Map<string, Role>();
  return {
    isCut(path, shape) {
      if (blockCount(blocksOf(path)) === 1) return false;
      const role = roleOf(path, shape, roles);
      if (!hiddenWeights({ path, shape, role })) return false;
      cut.set(path, role);
      return true;
    },
    roles: (path, shape) => cut.get(weightOfBlock(path)) ?? givenRole(path, shape, roles),
  };
}

/** The method on blocks. Its factor is one number a parameter: the first block's where heights differ. */
function methodInBlocks(method: Method, blocksOf: (path: string) => RowBlocks, isCut: IsCut): Method {
  const { scale, initialize } = method;
  return {
    ...method,
    transform: inRowBlocks(blocksOf, method.transform, isCut),
    ...(scale && {
      scale: (parameter) => scale(partsOf(parameter, blocksOf(parameter.path))[0] ?? parameter),
    }),
    ...(initialize && {
      initialize(key, parameter) {
        const parts = partsOf(parameter, blocksOf(parameter.path));
        if (parts.length === 1) return initialize(key, parameter);
        const keys = random.split(key, parts.length);
        const starts = parts.flatMap((part, i) => initialize(keys.ref.slice(i), part) ?? []);
        keys.dispose();
        return starts.length === 0 ? undefined : np.concatenate(starts, 0);
      },
    }),
  };
}

/** The blocks of a hidden weight as parameters; anything else as it is. */
function partsOf(parameter: Parameter, blocks: RowBlocks): readonly Parameter[] {
  if (!hiddenWeights(parameter) || blockCount(blocks) === 1) return [parameter];
  const { path, shape, role } = parameter;
  return rowCuts(path, shape[0] ?? 1, blocks).map(([from, to], i) => ({
    path: blockPath(path, i),
    shape: [to - from, ...shape.slice(1)],
    role,
  }));
}
