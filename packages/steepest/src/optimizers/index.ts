export { adafactor } from "./adam/adafactor.ts";
export { adagrad } from "./adam/adagrad.ts";
export { adam, adamw } from "./adam/adam.ts";
export { adamax, ademamix, nadam, radam } from "./adam/adamVariants.ts";
export { lamb } from "./adam/lamb.ts";
export { lars } from "./adam/lars.ts";
export { rmsprop } from "./adam/rmsprop.ts";
export { adadiag, adadiagPp } from "./fisher/adadiag.ts";
export { alice, alice0 } from "./fisher/alice.ts";
export { columnNormalizedSgd } from "./fisher/columnNormalizedSgd.ts";
export { conda } from "./fisher/conda.ts";
export { eigenAdam } from "./fisher/eigenAdam.ts";
export { kfac } from "./fisher/kfac.ts";
export { ngd } from "./fisher/ngd.ts";
export { psgdKron } from "./fisher/psgdKron.ts";
export { racs } from "./fisher/racs.ts";
export { shampoo } from "./fisher/shampoo.ts";
export { soap } from "./fisher/soap.ts";
export { sophiaG } from "./fisher/sophia.ts";
export { swan } from "./fisher/swan.ts";
export { lion } from "./gradient/lion.ts";
export { colnormSgd, rownormSgd } from "./gradient/normalizedSgd.ts";
export { nsgd } from "./gradient/nsgd.ts";
export { nora, rmnp } from "./gradient/rowMethods.ts";
export { scale } from "./gradient/scaleOptimizer.ts";
export { sgd } from "./gradient/sgd.ts";
export { signsgd, signum } from "./gradient/signs.ts";
export { sinkgd } from "./gradient/sinkgd.ts";
export { mcsd, spel } from "./mano/constrainedDescent.ts";
export { mano, manoV2 } from "./mano/mano.ts";
export { manoSimple, manoV2Both } from "./mano/manoVariants.ts";
export { manifoldNormalized, rsgd, rsgdM } from "./mano/riemannian.ts";
export { aurora, riemannianAurora } from "./muon/aurora.ts";
export { dion, dion2 } from "./muon/dion.ts";
export { muon } from "./muon/muon.ts";
export { muonAirbench } from "./muon/muonAirbench.ts";
export { muonEq, muonPlus, normuon } from "./muon/muonComposites.ts";
export {
  muonDeepseekV4,
  muonDion,
  muonEmerging,
  muonGram,
  muonMoonlight,
  muonOptax,
  muonTorch,
} from "./muon/muonFlavours.ts";
export { polargrad, stochasticSpectralDescent } from "./muon/spectralDescents.ts";
export { almond } from "./norm/almond.ts";
export { clippedGd, clippedSign, clippedSpectral, ggnc } from "./norm/clipped.ts";
export { cg, scg, ucg, uscg } from "./norm/conditionalGradients.ts";
export { gluon } from "./norm/gluon.ts";
export { lionK } from "./norm/lionK.ts";
export { s3cg } from "./norm/s3cg.ts";
export { sd } from "./norm/sd.ts";
export { fMuon, fNeon, muonExact, neon } from "./nuclear/nuclearFamily.ts";
export { clippedScion, unconstrainedClippedScion } from "./scion/clippedScion.ts";
export {
  type ClippedScionOptions,
  type ClippedScionPreset,
  type ClippedScionPresetName,
  clippedScionPreset,
  clippedScionPresets,
} from "./scion/clippedScionPresets.ts";
export type { PresetPaths } from "./scion/presetGroups.ts";
export { scion, unconstrainedScion } from "./scion/scion.ts";
export { scionLight } from "./scion/scionLight.ts";
export { type ScionNormOptions, scionNorm } from "./scion/scionNorm.ts";
export {
  type ScionOptions,
  type ScionPreset,
  type ScionPresetName,
  type ScionPresetPaths,
  scionPreset,
  scionPresets,
} from "./scion/scionPresets.ts";
export { type UniformKind, type UniformPaths, uniformScion } from "./scion/uniformScion.ts";
export { adamHyperball, muonHyperball } from "./sphere/hyperballs.ts";
export { muown } from "./sphere/muown.ts";
export { muonSphere, sso } from "./sphere/spectralSphere.ts";
export { hyperball, radialBrake, relativeUpdate } from "./sphere/weightControl.ts";
