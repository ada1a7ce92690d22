import { adagrad } from "../optimizers/adagrad.ts";
import { adam, adamw } from "../optimizers/adam.ts";
import { fisherFamily } from "../optimizers/fisherFamily.ts";
import { lion } from "../optimizers/lion.ts";
import { manifoldFamily } from "../optimizers/manifoldFamily.ts";
import { mano, mano_v2 } from "../optimizers/mano.ts";
import { muon } from "../optimizers/muon.ts";
import { normConstrained } from "../optimizers/normConstrained.ts";
import { nsgd } from "../optimizers/nsgd.ts";
import { rmsprop } from "../optimizers/rmsprop.ts";
import { scion, unconstrained_scion } from "../optimizers/scion.ts";
import { sgd } from "../optimizers/sgd.ts";
import { signsgd, signum } from "../optimizers/signs.ts";

/** Every optimizer there is, in the order they are shown. */
export const catalog = {
  sgd,
  adam,
  adamw,
  rmsprop,
  adagrad,
  signsgd,
  signum,
  lion,
  nsgd,
  muon,
  scion,
  unconstrained_scion,
  ...fisherFamily,
  ...normConstrained,
  mano,
  mano_v2,
  ...manifoldFamily,
} as const;

export type OptimizerName = keyof typeof catalog;
