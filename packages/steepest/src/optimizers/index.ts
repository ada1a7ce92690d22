import "../polyfill.ts";

export { adafactor } from "./adam/adafactor.ts";
export { adagrad } from "./adam/adagrad.ts";
export { adam } from "./adam/adam.ts";
export { adamax } from "./adam/adamax.ts";
export { adamw } from "./adam/adamw.ts";
export { ademamix } from "./adam/ademamix.ts";
export { nadam } from "./adam/nadam.ts";
export { radam } from "./adam/radam.ts";
export { rmsprop } from "./adam/rmsprop.ts";
export { adadiag } from "./fisher/adadiag.ts";
export { adadiagPp } from "./fisher/adadiagPp.ts";
export { alice } from "./fisher/alice.ts";
export { alice0 } from "./fisher/alice0.ts";
export { columnNormalizedSgd } from "./fisher/columnNormalizedSgd.ts";
export { conda } from "./fisher/conda.ts";
export { eigenAdam } from "./fisher/eigenAdam.ts";
export { kfac } from "./fisher/kfac.ts";
export { ngd } from "./fisher/ngd.ts";
export { psgdKron } from "./fisher/psgdKron.ts";
export { racs } from "./fisher/racs.ts";
export { shampoo } from "./fisher/shampoo.ts";
export { soap } from "./fisher/soap.ts";
export { sophiaG } from "./fisher/sophiaG.ts";
export { swan } from "./fisher/swan.ts";
export { colnormSgd } from "./gradient/colnormSgd.ts";
export { lion } from "./gradient/lion.ts";
export { nora } from "./gradient/nora.ts";
export { nsgd } from "./gradient/nsgd.ts";
export { rmnp } from "./gradient/rmnp.ts";
export { rownormSgd } from "./gradient/rownormSgd.ts";
export { scale } from "./gradient/scale.ts";
export { sgd } from "./gradient/sgd.ts";
export { signsgd } from "./gradient/signsgd.ts";
export { signum } from "./gradient/signum.ts";
export { sinkgd } from "./gradient/sinkgd.ts";
export { manifoldNormalized } from "./mano/manifoldNormalized.ts";
export { mano } from "./mano/mano.ts";
export { manoSimple } from "./mano/manoSimple.ts";
export { manoV2 } from "./mano/manoV2.ts";
export { manoV2Both } from "./mano/manoV2Both.ts";
export { mcsd } from "./mano/mcsd.ts";
export { rsgd } from "./mano/rsgd.ts";
export { rsgdM } from "./mano/rsgdM.ts";
export { spel } from "./mano/spel.ts";
export { aurora } from "./muon/aurora.ts";
export { dion } from "./muon/dion.ts";
export { dion2 } from "./muon/dion2.ts";
export { muon } from "./muon/muon.ts";
export { muonAirbench } from "./muon/muonAirbench.ts";
export { muonDeepseekV4 } from "./muon/muonDeepseekV4.ts";
export { muonDion } from "./muon/muonDion.ts";
export { muonEmerging } from "./muon/muonEmerging.ts";
export { muonEq } from "./muon/muonEq.ts";
export { muonGram } from "./muon/muonGram.ts";
export { muonMoonlight } from "./muon/muonMoonlight.ts";
export { muonOptax } from "./muon/muonOptax.ts";
export { muonPlus } from "./muon/muonPlus.ts";
export { muonTorch } from "./muon/muonTorch.ts";
export { normuon } from "./muon/normuon.ts";
export { polargrad } from "./muon/polargrad.ts";
export { riemannianAurora } from "./muon/riemannianAurora.ts";
export { stochasticSpectralDescent } from "./muon/stochasticSpectralDescent.ts";
export { almond } from "./norm/almond.ts";
export { cg } from "./norm/cg.ts";
export { clippedGd } from "./norm/clippedGd.ts";
export { clippedSign } from "./norm/clippedSign.ts";
export { clippedSpectral } from "./norm/clippedSpectral.ts";
export { ggnc } from "./norm/ggnc.ts";
export { gluon } from "./norm/gluon.ts";
export { lamb } from "./norm/lamb.ts";
export { lars } from "./norm/lars.ts";
export { lionK } from "./norm/lionK.ts";
export { s3cg } from "./norm/s3cg.ts";
export { scg } from "./norm/scg.ts";
export { sd } from "./norm/sd.ts";
export { ucg } from "./norm/ucg.ts";
export { uscg } from "./norm/uscg.ts";
export { fMuon } from "./nuclear/fMuon.ts";
export { fNeon } from "./nuclear/fNeon.ts";
export { muonExact } from "./nuclear/muonExact.ts";
export { neon } from "./nuclear/neon.ts";
export { clippedScion } from "./scion/clippedScion.ts";
export {
  type ClippedScionOptions,
  type ClippedScionPreset,
  type ClippedScionPresetName,
  clippedScionPreset,
  clippedScionPresets,
} from "./scion/clippedScionPresets.ts";
export type { PresetPaths } from "./scion/presetGroups.ts";
export { scion } from "./scion/scion.ts";
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
export { unconstrainedClippedScion } from "./scion/unconstrainedClippedScion.ts";
export { unconstrainedScion } from "./scion/unconstrainedScion.ts";
export { type UniformKind, type UniformPaths, uniformScion } from "./scion/uniformScion.ts";
export { adamHyperball } from "./sphere/adamHyperball.ts";
export { hyperball } from "./sphere/hyperball.ts";
export { muonHyperball } from "./sphere/muonHyperball.ts";
export { muonSphere } from "./sphere/muonSphere.ts";
export { muown } from "./sphere/muown.ts";
export { radialBrake } from "./sphere/radialBrake.ts";
export { relativeUpdate } from "./sphere/relativeUpdate.ts";
export { sso } from "./sphere/sso.ts";
