import { almond } from "./almond.ts";
import { aurora, riemannian_aurora } from "./aurora.ts";
import { clipped_gd, clipped_sign, clipped_spectral, ggnc } from "./clipped.ts";
import { clipped_scion, unconstrained_clipped_scion } from "./clippedScion.ts";
import { cg, scg, ucg, uscg } from "./conditionalGradients.ts";
import { dion, dion2 } from "./dion.ts";
import { gluon } from "./gluon.ts";
import { lion_k } from "./lionK.ts";
import { muon_airbench } from "./muonAirbench.ts";
import { muon_eq, muon_plus, normuon } from "./muonComposites.ts";
import {
  muon_deepseek_v4,
  muon_dion,
  muon_emerging,
  muon_gram,
  muon_moonlight,
  muon_optax,
  muon_torch,
} from "./muonFlavours.ts";
import { colnorm_sgd, rownorm_sgd } from "./normalizedSgd.ts";
import { f_muon, f_neon, muon_exact, neon } from "./nuclearFamily.ts";
import { nora, rmnp } from "./rowMethods.ts";
import { s3cg } from "./s3cg.ts";
import { scale } from "./scaleOptimizer.ts";
import { scion_light } from "./scionLight.ts";
import { sd } from "./sd.ts";
import { sinkgd } from "./sinkgd.ts";
import { polargrad, stochastic_spectral_descent } from "./spectralDescents.ts";

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
