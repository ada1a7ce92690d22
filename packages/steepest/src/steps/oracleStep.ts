import { expectNumbers } from "../core/expectNumbers.ts";
import type { StatelessTransform } from "../core/transform.ts";
import type { Norm } from "../norms/norm.ts";
import { mapOracle } from "./mapOracle.ts";

/**
 * −radius · lmo(u) for every update u: the longest step downhill in the ball of that radius, to be scaled by
 * −learningRate. Only the direction of u matters; zero stays zero.
 */
export function oracleStep(norm: Norm, radius = 1): StatelessTransform {
  expectNumbers("oracleStep", { radius }, "> 0");
  return mapOracle(norm, (_, step) => step.mul(-radius));
}
