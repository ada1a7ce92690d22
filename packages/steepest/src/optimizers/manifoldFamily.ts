import { mcsd, spel } from "./constrainedDescent.ts";
import { adam_hyperball, muon_hyperball } from "./hyperballs.ts";
import { muown } from "./muown.ts";
import { muon_sphere, sso } from "./spectralSphere.ts";
import { hyperball, radial_brake, relative_update } from "./weightControl.ts";

/** Methods on manifolds and under control of the weights' norms, besides Mano. */
export const manifoldFamily = {
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
