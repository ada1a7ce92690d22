import { adafactor } from "./optimizers/adam/adafactor.ts";
import { adagrad } from "./optimizers/adam/adagrad.ts";
import { adam } from "./optimizers/adam/adam.ts";
import { adamax } from "./optimizers/adam/adamax.ts";
import { adamw } from "./optimizers/adam/adamw.ts";
import { ademamix } from "./optimizers/adam/ademamix.ts";
import { nadam } from "./optimizers/adam/nadam.ts";
import { radam } from "./optimizers/adam/radam.ts";
import { rmsprop } from "./optimizers/adam/rmsprop.ts";
import { adadiag } from "./optimizers/fisher/adadiag.ts";
import { adadiagPp } from "./optimizers/fisher/adadiagPp.ts";
import { alice } from "./optimizers/fisher/alice.ts";
import { alice0 } from "./optimizers/fisher/alice0.ts";
import { columnNormalizedSgd } from "./optimizers/fisher/columnNormalizedSgd.ts";
import { conda } from "./optimizers/fisher/conda.ts";
import { eigenAdam } from "./optimizers/fisher/eigenAdam.ts";
import { kfac } from "./optimizers/fisher/kfac.ts";
import { ngd } from "./optimizers/fisher/ngd.ts";
import { psgdKron } from "./optimizers/fisher/psgdKron.ts";
import { racs } from "./optimizers/fisher/racs.ts";
import { shampoo } from "./optimizers/fisher/shampoo.ts";
import { soap } from "./optimizers/fisher/soap.ts";
import { sophiaG } from "./optimizers/fisher/sophiaG.ts";
import { swan } from "./optimizers/fisher/swan.ts";
import { colnormSgd } from "./optimizers/gradient/colnormSgd.ts";
import { lion } from "./optimizers/gradient/lion.ts";
import { nora } from "./optimizers/gradient/nora.ts";
import { nsgd } from "./optimizers/gradient/nsgd.ts";
import { rmnp } from "./optimizers/gradient/rmnp.ts";
import { rownormSgd } from "./optimizers/gradient/rownormSgd.ts";
import { scale } from "./optimizers/gradient/scale.ts";
import { sgd } from "./optimizers/gradient/sgd.ts";
import { signsgd } from "./optimizers/gradient/signsgd.ts";
import { signum } from "./optimizers/gradient/signum.ts";
import { sinkgd } from "./optimizers/gradient/sinkgd.ts";
import { manifoldNormalized } from "./optimizers/mano/manifoldNormalized.ts";
import { mano } from "./optimizers/mano/mano.ts";
import { manoSimple } from "./optimizers/mano/manoSimple.ts";
import { manoV2 } from "./optimizers/mano/manoV2.ts";
import { manoV2Both } from "./optimizers/mano/manoV2Both.ts";
import { mcsd } from "./optimizers/mano/mcsd.ts";
import { rsgd } from "./optimizers/mano/rsgd.ts";
import { rsgdM } from "./optimizers/mano/rsgdM.ts";
import { spel } from "./optimizers/mano/spel.ts";
import { aurora } from "./optimizers/muon/aurora.ts";
import { dion } from "./optimizers/muon/dion.ts";
import { dion2 } from "./optimizers/muon/dion2.ts";
import { muon } from "./optimizers/muon/muon.ts";
import { muonAirbench } from "./optimizers/muon/muonAirbench.ts";
import { muonDeepseekV4 } from "./optimizers/muon/muonDeepseekV4.ts";
import { muonDion } from "./optimizers/muon/muonDion.ts";
import { muonEmerging } from "./optimizers/muon/muonEmerging.ts";
import { muonEq } from "./optimizers/muon/muonEq.ts";
import { muonGram } from "./optimizers/muon/muonGram.ts";
import { muonMoonlight } from "./optimizers/muon/muonMoonlight.ts";
import { muonOptax } from "./optimizers/muon/muonOptax.ts";
import { muonPlus } from "./optimizers/muon/muonPlus.ts";
import { muonTorch } from "./optimizers/muon/muonTorch.ts";
import { normuon } from "./optimizers/muon/normuon.ts";
import { polargrad } from "./optimizers/muon/polargrad.ts";
import { riemannianAurora } from "./optimizers/muon/riemannianAurora.ts";
import { stochasticSpectralDescent } from "./optimizers/muon/stochasticSpectralDescent.ts";
import { almond } from "./optimizers/norm/almond.ts";
import { cg } from "./optimizers/norm/cg.ts";
import { clippedGd } from "./optimizers/norm/clippedGd.ts";
import { clippedSign } from "./optimizers/norm/clippedSign.ts";
import { clippedSpectral } from "./optimizers/norm/clippedSpectral.ts";
import { ggnc } from "./optimizers/norm/ggnc.ts";
import { gluon } from "./optimizers/norm/gluon.ts";
import { lamb } from "./optimizers/norm/lamb.ts";
import { lars } from "./optimizers/norm/lars.ts";
import { lionK } from "./optimizers/norm/lionK.ts";
import { s3cg } from "./optimizers/norm/s3cg.ts";
import { scg } from "./optimizers/norm/scg.ts";
import { sd } from "./optimizers/norm/sd.ts";
import { ucg } from "./optimizers/norm/ucg.ts";
import { uscg } from "./optimizers/norm/uscg.ts";
import { fMuon } from "./optimizers/nuclear/fMuon.ts";
import { fNeon } from "./optimizers/nuclear/fNeon.ts";
import { muonExact } from "./optimizers/nuclear/muonExact.ts";
import { neon } from "./optimizers/nuclear/neon.ts";
import { clippedScion } from "./optimizers/scion/clippedScion.ts";
import { scion } from "./optimizers/scion/scion.ts";
import { scionLight } from "./optimizers/scion/scionLight.ts";
import { unconstrainedClippedScion } from "./optimizers/scion/unconstrainedClippedScion.ts";
import { unconstrainedScion } from "./optimizers/scion/unconstrainedScion.ts";
import { adamHyperball } from "./optimizers/sphere/adamHyperball.ts";
import { hyperball } from "./optimizers/sphere/hyperball.ts";
import { muonHyperball } from "./optimizers/sphere/muonHyperball.ts";
import { muonSphere } from "./optimizers/sphere/muonSphere.ts";
import { muown } from "./optimizers/sphere/muown.ts";
import { radialBrake } from "./optimizers/sphere/radialBrake.ts";
import { relativeUpdate } from "./optimizers/sphere/relativeUpdate.ts";
import { sso } from "./optimizers/sphere/sso.ts";

/** Every optimizer there is by its name on the command line and in configs, in the order they are shown. */
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
  unconstrained_scion: unconstrainedScion,
  adamax,
  nadam,
  radam,
  ademamix,
  adafactor,
  lamb,
  lars,
  column_normalized_sgd: columnNormalizedSgd,
  racs,
  shampoo,
  eigen_adam: eigenAdam,
  adadiag,
  adadiag_pp: adadiagPp,
  soap,
  conda,
  swan,
  alice,
  alice0,
  psgd_kron: psgdKron,
  kfac,
  sophia_g: sophiaG,
  ngd,
  scion_light: scionLight,
  unconstrained_clipped_scion: unconstrainedClippedScion,
  clipped_scion: clippedScion,
  sd,
  ucg,
  uscg,
  cg,
  scg,
  ggnc,
  clipped_gd: clippedGd,
  clipped_sign: clippedSign,
  clipped_spectral: clippedSpectral,
  s3cg,
  almond,
  lion_k: lionK,
  gluon,
  stochastic_spectral_descent: stochasticSpectralDescent,
  polargrad,
  muon_exact: muonExact,
  neon,
  f_muon: fMuon,
  f_neon: fNeon,
  muon_moonlight: muonMoonlight,
  muon_torch: muonTorch,
  muon_optax: muonOptax,
  muon_emerging: muonEmerging,
  muon_dion: muonDion,
  muon_gram: muonGram,
  muon_deepseek_v4: muonDeepseekV4,
  muon_airbench: muonAirbench,
  muon_plus: muonPlus,
  muon_eq: muonEq,
  normuon,
  aurora,
  riemannian_aurora: riemannianAurora,
  dion,
  dion2,
  sinkgd,
  rmnp,
  nora,
  colnorm_sgd: colnormSgd,
  rownorm_sgd: rownormSgd,
  scale,
  mano,
  mano_v2: manoV2,
  mano_simple: manoSimple,
  mano_v2_both: manoV2Both,
  manifold_normalized: manifoldNormalized,
  rsgd,
  rsgd_m: rsgdM,
  hyperball,
  adam_hyperball: adamHyperball,
  muon_hyperball: muonHyperball,
  sso,
  muon_sphere: muonSphere,
  muown,
  mcsd,
  spel,
  relative_update: relativeUpdate,
  radial_brake: radialBrake,
} as const;

export type OptimizerName = keyof typeof catalog;
