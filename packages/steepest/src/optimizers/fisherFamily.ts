import { adadiag, adadiag_pp } from "./adadiag.ts";
import { adafactor } from "./adafactor.ts";
import { adamax, ademamix, nadam, radam } from "./adamVariants.ts";
import { alice, alice0 } from "./alice.ts";
import { column_normalized_sgd } from "./columnNormalizedSgd.ts";
import { conda } from "./conda.ts";
import { eigen_adam } from "./eigenAdam.ts";
import { kfac } from "./kfac.ts";
import { lamb } from "./lamb.ts";
import { lars } from "./lars.ts";
import { ngd } from "./ngd.ts";
import { psgd_kron } from "./psgdKron.ts";
import { racs } from "./racs.ts";
import { shampoo } from "./shampoo.ts";
import { soap } from "./soap.ts";
import { sophia_g } from "./sophia.ts";
import { swan } from "./swan.ts";

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
