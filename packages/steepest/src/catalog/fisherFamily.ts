import { adafactor } from "../optimizers/adam/adafactor.ts";
import { adamax, ademamix, nadam, radam } from "../optimizers/adam/adamVariants.ts";
import { lamb } from "../optimizers/adam/lamb.ts";
import { lars } from "../optimizers/adam/lars.ts";
import { adadiag, adadiag_pp } from "../optimizers/fisher/adadiag.ts";
import { alice, alice0 } from "../optimizers/fisher/alice.ts";
import { column_normalized_sgd } from "../optimizers/fisher/columnNormalizedSgd.ts";
import { conda } from "../optimizers/fisher/conda.ts";
import { eigen_adam } from "../optimizers/fisher/eigenAdam.ts";
import { kfac } from "../optimizers/fisher/kfac.ts";
import { ngd } from "../optimizers/fisher/ngd.ts";
import { psgd_kron } from "../optimizers/fisher/psgd_kron.ts";
import { racs } from "../optimizers/fisher/racs.ts";
import { shampoo } from "../optimizers/fisher/shampoo.ts";
import { soap } from "../optimizers/fisher/soap.ts";
import { sophia_g } from "../optimizers/fisher/sophia.ts";
import { swan } from "../optimizers/fisher/swan.ts";

/** The part of the catalogue whose step comes from a structured estimate of the Fisher matrix, besides Adam and the like. */
export const fisherFamily = {
  adamax,
  nadam,
  radam,
  ademamix,
  adafactor,
  lamb,
  lars,
  column_normalized_sgd,
  racs,
  shampoo,
  eigen_adam,
  adadiag,
  adadiag_pp,
  soap,
  conda,
  swan,
  alice,
  alice0,
  psgd_kron,
  kfac,
  sophia_g,
  ngd,
} as const;
