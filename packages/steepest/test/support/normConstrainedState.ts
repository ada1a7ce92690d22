import { paths, shapes } from "./trees.ts";

const size = (path: keyof typeof shapes): number => shapes[path].reduce((a: number, b: number) => a * b, 1);
const all = paths.reduce((sum, path) => sum + size(path), 0);
const hidden = size("blocks.0.wide") + size("blocks.0.tall");
const rest = 2 * (all - hidden); // AdamW

const muon = hidden + rest;
const columnsOf = (path: keyof typeof shapes): number => shapes[path][1] ?? 1;
const rowsOf = (path: keyof typeof shapes): number => shapes[path][0];
const wide = "blocks.0.wide";
const tall = "blocks.0.tall";
const vectors = size("norm.gain") + size("bias");

/** Floats of state of the norm-constrained optimizers on the tree of `trees.ts`. */
export const normConstrainedState = {
  scion_light: all,
  unconstrained_clipped_scion: all,
  clipped_scion: all,
  sd: 0,
  ucg: 0,
  uscg: all,
  cg: 0,
  scg: all,
  ggnc: all,
  clipped_gd: all,
  clipped_sign: all,
  clipped_spectral: muon,
  s3cg: all,
  almond: all,
  lion_k: all,
  gluon: all,
  stochastic_spectral_descent: rest,
  polargrad: muon,
  muon_exact: muon,
  neon: muon + columnsOf(wide) + columnsOf(tall),
  f_muon: muon,
  f_neon: muon + columnsOf(wide) + columnsOf(tall),
  muon_moonlight: muon,
  muon_torch: muon,
  muon_optax: muon,
  muon_emerging: muon,
  muon_dion: muon,
  muon_gram: muon,
  muon_deepseek_v4: muon,
  muon_airbench: all, // SGD with momentum for the rest
  muon_plus: muon,
  muon_eq: muon,
  normuon: muon + rowsOf(wide) + rowsOf(tall),
  aurora: muon,
  riemannian_aurora: muon,
  dion: muon + 2 * 4 * 4, // rank 4 and short side 4, both
  dion2: muon,
  sinkgd: rest,
  rmnp: muon,
  nora: muon,
  colnorm_sgd: 0,
  rownorm_sgd: 0,
  scale: size("head") + 2 * vectors,
};

/** Methods that also pull weights into a ball: they go downhill for sure only from its centre. */
export const constrained: readonly string[] = ["scion", "scion_light", "cg", "scg", "s3cg", "clipped_scion"];

/** Methods that bring weights to a size of their own at every step, whatever the gradient. */
export const resizing: readonly string[] = ["muon_airbench"];
