import type { Manifold } from "./manifold.ts";
import { oblique } from "./oblique.ts";
import { sphere } from "./sphere.ts";
import { stiefel } from "./stiefel.ts";

export const manifoldNames = ["oblique", "sphere", "stiefel"] as const;

export type ManifoldName = (typeof manifoldNames)[number];

export interface NamedManifoldOptions {
  /** Which vectors are unit on `oblique`. Default "columns". */
  readonly vectors?: "columns" | "rows";
  /** Frobenius norm on `sphere`. Default 1. */
  readonly radius?: number;
}

/** A manifold by name. */
export function createManifold(name: ManifoldName, options: NamedManifoldOptions = {}): Manifold {
  if (name === "oblique") return oblique(options.vectors);
  return name === "sphere" ? sphere(options.radius) : stiefel();
}
