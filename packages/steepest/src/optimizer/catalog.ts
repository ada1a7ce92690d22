import { adagrad } from "../optimizers/adagrad.ts";
import { adam, adamw } from "../optimizers/adam.ts";
import { lion } from "../optimizers/lion.ts";
import { rmsprop } from "../optimizers/rmsprop.ts";
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
} as const;

export type OptimizerName = keyof typeof catalog;
