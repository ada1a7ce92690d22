import type { Parameter } from "steepest";

/**
 * The role that a parameter is grouped under: hidden weights by the part of the network they are in, `attention` or `mlp` (their
 * name says so), all others by the role that they have for optimizers.
 */
export function watchRole({ path, role }: Pick<Parameter, "path" | "role">): string {
  if (role !== "hidden") return role;
  if (/attention|attn/i.test(path)) return "attention";
  return /feedForward|mlp|ffn|layers/i.test(path) ? "mlp" : role;
}
