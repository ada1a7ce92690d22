import type { Parameter } from "../../core/parameters/parameter.ts";
import { type ScionOptions, scionPreset } from "./scionPresets.ts";

/**
 * Scion's options for a network on images, by what its parameters are (`listParameters(params, roles)`): of
 * its presets `vit` where there are learned positions (role embedding), which get the RMS norm; else
 * `airbench` where there are convolutions; else `mlp`, whose first hidden layer gets `spectral_max`, since
 * images are not one-hot as text is.
 *
 * ```ts
 * const optimizer = createOptimizer("scion", imageScionPreset(listParameters(params, model.roles())));
 * ```
 *
 * Rates and momentum are those of the authors' runs, which were longer than most: give your own over them.
 * Source: Pethick et al. 2025, arXiv:2502.07529.
 */
export function imageScionPreset(parameters: readonly Parameter[]): ScionOptions {
  const pathsOf = (role: Parameter["role"]): string[] =>
    parameters.filter((parameter) => parameter.role === role).map(({ path }) => path);
  const tokens = pathsOf("embedding");
  if (tokens.length > 0) return scionPreset("vit", { tokens });
  if (pathsOf("conv").length > 0) return scionPreset("airbench");
  const [firstLayer] = pathsOf("hidden");
  return scionPreset("mlp", firstLayer === undefined ? {} : { firstLayer });
}
