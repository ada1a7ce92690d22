import { adafactor } from "./optimizers/adam/adafactor.ts";
import { adagrad } from "./optimizers/adam/adagrad.ts";
import { adam, adamw } from "./optimizers/adam/adam.ts";
import { adamax, ademamix, nadam, radam } from "./optimizers/adam/adamVariants.ts";
import { lamb } from "./optimizers/adam/lamb.ts";
import { lars } from "./optimizers/adam/lars.ts";
import { rmsprop } from "./optimizers/adam/rmsprop.ts";
import { adadiag, adadiagPp } from "./optimizers/fisher/adadiag.ts";
import { alice, alice0 } from "./optimizers/fisher/alice.ts";
import { columnNormalizedSgd } from "./optimizers/fisher/columnNormalizedSgd.ts";
import { conda } from "./optimizers/fisher/conda.ts";
import { eigenAdam } from "./optimizers/fisher/eigenAdam.ts";
import { kfac } from "./optimizers/fisher/kfac.ts";
import { ngd } from "./optimizers/fisher/ngd.ts";
import { psgdKron } from "./optimizers/fisher/psgdKron.ts";
import { racs } from "./optimizers/fisher/racs.ts";
import { shampoo } from "./optimizers/fisher/shampoo.ts";
import { soap } from "./optimizers/fisher/soap.ts";
import { sophiaG } from "./optimizers/fisher/sophia.ts";
import { swan } from "./optimizers/fisher/swan.ts";
import { lion } from "./optimizers/gradient/lion.ts";
import { colnormSgd, rownormSgd } from "./optimizers/gradient/normalizedSgd.ts";
import { nsgd } from "./optimizers/gradient/nsgd.ts";
import { nora, rmnp } from "./optimizers/gradient/rowMethods.ts";
import { scale } from "./optimizers/gradient/scaleOptimizer.ts";
import { sgd } from "./optimizers/gradient/sgd.ts";
import { signsgd, signum } from "./optimizers/gradient/signs.ts";
import { sinkgd } from "./optimizers/gradient/sinkgd.ts";
import { mcsd, spel } from "./optimizers/mano/constrainedDescent.ts";
import { mano, manoV2 } from "./optimizers/mano/mano.ts";
import { manoSimple, manoV2Both } from "./optimizers/mano/manoVariants.ts";
import { manifoldNormalized, rsgd, rsgdM } from "./optimizers/mano/riemannian.ts";
import { aurora, riemannianAurora } from "./optimizers/muon/aurora.ts";
import { dion, dion2 } from "./optimizers/muon/dion.ts";
import { muon } from "./optimizers/muon/muon.ts";
import { muonAirbench } from "./optimizers/muon/muonAirbench.ts";
import { muonEq, muonPlus, normuon } from "./optimizers/muon/muonComposites.ts";
import {
  muonDeepseekV4,
  muonDion,
  muonEmerging,
  muonGram,
  muonMoonlight,
  muonOptax,
  muonTorch,
} from "./optimizers/muon/muonFlavours.ts";
import { polargrad, stochasticSpectralDescent } from "./optimizers/muon/spectralDescents.ts";
import { almond } from "./optimizers/norm/almond.ts";
import { clippedGd, clippedSign, clippedSpectral, ggnc } from "./optimizers/norm/clipped.ts";
import { cg, scg, ucg, uscg } from "./optimizers/norm/conditionalGradients.ts";
import { gluon } from "./optimizers/norm/gluon.ts";
import { lionK } from "./optimizers/norm/lionK.ts";
import { s3cg } from "./optimizers/norm/s3cg.ts";
import { sd } from "./optimizers/norm/sd.ts";
import { fMuon, fNeon, muonExact, neon } from "./optimizers/nuclear/nuclearFamily.ts";
import { clippedScion, unconstrainedClippedScion } from "./optimizers/scion/clippedScion.ts";
import { scion, unconstrainedScion } from "./optimizers/scion/scion.ts";
import { scionLight } from "./optimizers/scion/scionLight.ts";
import { adamHyperball, muonHyperball } from "./optimizers/sphere/hyperballs.ts";
import { muown } from "./optimizers/sphere/muown.ts";
import { muonSphere, sso } from "./optimizers/sphere/spectralSphere.ts";
import { hyperball, radialBrake, relativeUpdate } from "./optimizers/sphere/weightControl.ts";

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
