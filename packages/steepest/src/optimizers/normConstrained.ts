import { almond } from "./almond.ts";
import { clipped_gd, clipped_sign, clipped_spectral, ggnc } from "./clipped.ts";
import { clipped_scion, unconstrained_clipped_scion } from "./clippedScion.ts";
import { cg, scg, ucg, uscg } from "./conditionalGradients.ts";
import { gluon } from "./gluon.ts";
import { lion_k } from "./lionK.ts";
import { s3cg } from "./s3cg.ts";
import { scion_light } from "./scionLight.ts";
import { sd } from "./sd.ts";

/** The part of the catalogue whose step comes from a norm, besides what stands in the catalogue itself. */
export const normConstrained = {
  scion_light,
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
  unconstrained_clipped_scion,
  clipped_scion,
  almond,
  lion_k,
  gluon,
} as const;
