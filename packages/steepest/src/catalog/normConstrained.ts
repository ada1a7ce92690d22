import { colnorm_sgd, rownorm_sgd } from "../optimizers/gradient/normalizedSgd.ts";
import { nora, rmnp } from "../optimizers/gradient/rowMethods.ts";
import { scale } from "../optimizers/gradient/scaleOptimizer.ts";
import { sinkgd } from "../optimizers/gradient/sinkgd.ts";
import { aurora, riemannian_aurora } from "../optimizers/muon/aurora.ts";
import { dion, dion2 } from "../optimizers/muon/dion.ts";
import { muon_airbench } from "../optimizers/muon/muonAirbench.ts";
import { muon_eq, muon_plus, normuon } from "../optimizers/muon/muonComposites.ts";
import {
  muon_deepseek_v4,
  muon_dion,
  muon_emerging,
  muon_gram,
  muon_moonlight,
  muon_optax,
  muon_torch,
} from "../optimizers/muon/muonFlavours.ts";
import { polargrad, stochastic_spectral_descent } from "../optimizers/muon/spectralDescents.ts";
import { almond } from "../optimizers/norm/almond.ts";
import { clipped_gd, clipped_sign, clipped_spectral, ggnc } from "../optimizers/norm/clipped.ts";
import { cg, scg, ucg, uscg } from "../optimizers/norm/conditionalGradients.ts";
import { gluon } from "../optimizers/norm/gluon.ts";
import { lion_k } from "../optimizers/norm/lionK.ts";
import { s3cg } from "../optimizers/norm/s3cg.ts";
import { sd } from "../optimizers/norm/sd.ts";
import { f_muon, f_neon, muon_exact, neon } from "../optimizers/nuclear/nuclearFamily.ts";
import { clipped_scion, unconstrained_clipped_scion } from "../optimizers/scion/clippedScion.ts";
import { scion_light } from "../optimizers/scion/scionLight.ts";

/** The part of the catalogue whose step comes from a norm, besides what stands in the catalogue itself. */
export const normConstrained = {
  scion_light,
  unconstrained_clipped_scion,
  clipped_scion,
  sd,
  ucg,
  uscg,
  cg,
  scg,
  ggnc,
  clipped_gd,
  clipped_sign,
  clipped_spectral,
  s3cg,
  almond,
  lion_k,
  gluon,
  stochastic_spectral_descent,
  polargrad,
  muon_exact,
  neon,
  f_muon,
  f_neon,
  muon_moonlight,
  muon_torch,
  muon_optax,
  muon_emerging,
  muon_dion,
  muon_gram,
  muon_deepseek_v4,
  muon_airbench,
  muon_plus,
  muon_eq,
  normuon,
  aurora,
  riemannian_aurora,
  dion,
  dion2,
  sinkgd,
  rmnp,
  nora,
  colnorm_sgd,
  rownorm_sgd,
  scale,
} as const;
