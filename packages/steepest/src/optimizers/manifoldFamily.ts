import { mcsd, spel } from "./constrainedDescent.ts";
import { adam_hyperball, muon_hyperball } from "./hyperballs.ts";
import { mano_simple, mano_v2_both } from "./manoVariants.ts";
import { muown } from "./muown.ts";
import { manifold_normalized, rsgd, rsgd_m } from "./riemannian.ts";
import { muon_sphere, sso } from "./spectralSphere.ts";
import { hyperball, radial_brake, relative_update } from "./weightControl.ts";

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
