import type { normConstrained } from "../../src/optimizers/normConstrained.ts";
import { paths, shapes } from "./trees.ts";

const size = (path: keyof typeof shapes): number => shapes[path].reduce((a: number, b: number) => a * b, 1);
const all = paths.reduce((sum, path) => sum + size(path), 0);
const hidden = size("blocks.0.wide") + size("blocks.0.tall");
const rest = 2 * (all - hidden); // AdamW

/** Floats of state of the norm-constrained optimizers on the tree of `trees.ts`. */
export const normConstrainedState: Record<keyof typeof normConstrained, number> = {
  scion_light: all,
  sd: 0,
  ucg: 0,
  uscg: all,
  cg: 0,
  scg: all,
  ggnc: all,
  clipped_gd: all,
  clipped_sign: all,
  clipped_spectral: hidden + rest,
  s3cg: all,
  unconstrained_clipped_scion: all,
  clipped_scion: all,
  almond: all,
  lion_k: all,
  gluon: all,
};

/** Methods that also pull weights into a ball: they go downhill for sure only from its centre. */
export const constrained: readonly string[] = ["scion", "scion_light", "cg", "scg", "s3cg", "clipped_scion"];
