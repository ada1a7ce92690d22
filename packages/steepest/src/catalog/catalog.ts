import { adagrad } from "../optimizers/adam/adagrad.ts";
import { adam, adamw } from "../optimizers/adam/adam.ts";
import { rmsprop } from "../optimizers/adam/rmsprop.ts";
import { lion } from "../optimizers/gradient/lion.ts";
import { nsgd } from "../optimizers/gradient/nsgd.ts";
import { sgd } from "../optimizers/gradient/sgd.ts";
import { signsgd, signum } from "../optimizers/gradient/signs.ts";
import { mano, mano_v2 } from "../optimizers/mano/mano.ts";
import { muon } from "../optimizers/muon/muon.ts";
import { scion, unconstrained_scion } from "../optimizers/scion/scion.ts";
import { fisherFamily } from "./fisherFamily.ts";
import { manifoldFamily } from "./manifoldFamily.ts";
import { normConstrained } from "./normConstrained.ts";

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
