import { namedLeaves, type Tree } from "../tree.ts";
import type { Parameter, Role } from "./parameter.ts";

/** A role with the reason it was chosen. */
export interface RoleGuess extends Parameter {
  readonly because: string;
}

const embeddingName = /(^|[._])(embed\w*|wte|wpe|tok\w*_?emb\w*|pos\w*_?emb\w*|vocab\w*)([._]|$)/i;
const headName =
  /(^|[._])(lm_?head|head|unembed\w*|output|logits|classifier|readout)([._](w|weight|kernel))?$/i;
const gainName = /(^|[._])(\w*gain|scale|gamma|\w*norm\w*)([._](w|weight|gain|scale))?$/i;

/**
 * The role of every parameter, guessed from its rank and name, each with the reason.
 *
 * Rank 0 and 1: gain if the name says so, else bias. Rank 2: embedding or head by name, else hidden. Rank 3
 * and more: convolution. Borrows the parameters.
 */
export function inferRoles(params: Tree): RoleGuess[] {
  return namedLeaves(params).map(([path, { shape }]) => inferRole(path, shape));
}

/** The guess for one parameter. */
export function inferRole(path: string, shape: readonly number[]): RoleGuess {
  const guess = (role: Role, because: string): RoleGuess => ({ path, shape: [...shape], role, because });
  const rank = shape.length;
  if (rank <= 1) {
    return gainName.test(path)
      ? guess("gain", `rank ${rank}, named like a gain`)
      : guess("bias", `rank ${rank}`);
  }
  if (rank > 2) return guess("conv", `rank ${rank}`);
  const named = roleByName(path);
  return named === undefined
    ? guess("hidden", "rank 2")
    : guess(named, `rank 2, named like an ${named}`.replace("an head", "a head"));
}

/** The role a matrix's name suggests, if any. */
export function roleByName(path: string): "embedding" | "head" | undefined {
  if (headName.test(path)) return "head";
  return embeddingName.test(path) ? "embedding" : undefined;
}
