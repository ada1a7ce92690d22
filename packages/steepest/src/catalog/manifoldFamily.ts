import { mcsd, spel } from "../optimizers/mano/constrainedDescent.ts";
import { mano_simple, mano_v2_both } from "../optimizers/mano/manoVariants.ts";
import { manifold_normalized, rsgd, rsgd_m } from "../optimizers/mano/riemannian.ts";
import { adam_hyperball, muon_hyperball } from "../optimizers/sphere/hyperballs.ts";
import { muown } from "../optimizers/sphere/muown.ts";
import { muon_sphere, sso } from "../optimizers/sphere/spectralSphere.ts";
import { hyperball, radial_brake, relative_update } from "../optimizers/sphere/weightControl.ts";

/** Methods on manifolds and under control of the weights' norms, besides Mano. */
export const manifoldFamily = {
  mano_simple,
  mano_v2_both,
  manifold_normalized,
  rsgd,
  rsgd_m,
  hyperball,
  adam_hyperball,
  muon_hyperball,
  sso,
  muon_sphere,
  muown,
  mcsd,
  spel,
  relative_update,
  radial_brake,
} as const;
