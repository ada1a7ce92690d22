import type { Parameter } from "../../core/parameters/parameter.ts";
import { resolveOptions } from "../../define/options.ts";
import { fitsPattern } from "../../define/pathPattern.ts";
import { layerNorm, type NormRule, normRules } from "../../define/recipes/normChoice.ts";
import type { LayerNorm } from "../../norms/product.ts";
import { type LayerNorms, layerNorms } from "../../steps/layerNorms.ts";
import { lanczosValue } from "./lanczosValue.ts";
import { scion } from "./scion.ts";
import type { ScionOptions } from "./scionPresets.ts";

export interface ScionNormOptions {
  /**
   * How ‖W‖ of spectral layers is found: exactly by SVD (11 s for 512 × 512 on jax-js), or from below by 10
   * Lanczos steps, 40mn FLOPs. Default "lanczos".
   */
  readonly value?: "lanczos" | "svd";
}

/**
 * The norm that `scion` and `unconstrained_scion` with these options work in, for the monitors:
 *
 *   ‖x‖ = max ‖Wₗ‖ₗ/rₗ,   ‖d‖_* = Σ rₗ‖dₗ‖ₗ,*      norms and radii by role, by group, or `norm` for all
 *
 * so that `scion` keeps ‖x‖ ≤ 1 and a step of `unconstrained_scion` has ‖x⁺ − x‖ = γ. Its dual is that of the
 * oracle, −Σ⟨dₗ, rₗ lmo(dₗ)⟩; `polar: "svd"` among the options makes it exact. The result is a function of
 * the parameters, as methods take it: `scionNorm(options)(params)`, which borrows them.
 *
 * Throws as `createOptimizer("scion", options)` does for options that make no sense.
 * Source: Pethick et al. 2025, arXiv:2502.07529 and arXiv:2506.01913.
 */
export function scionNorm(
  options: ScionOptions = {},
  { value = "lanczos" }: ScionNormOptions = {},
): LayerNorms {
  const { schedule: _s, clipGlobalNorm: _c, skipNonFinite: _k, roles, groups = [], ...own } = options;
  const rulesOf = (owner: string, given: Readonly<Record<string, unknown>>): readonly NormRule[] => {
    const values = resolveOptions(owner, scion.definition.options, given);
    const rules = normRules(values);
    return value === "svd" ? rules : rules.map((rule) => ({ ...rule, norm: lanczosValue(rule) }));
  };
  const rules = rulesOf("scion", own);
  const special = groups.map(({ match, method, ...changes }, i) => ({
    patterns: [match].flat(),
    method,
    rules: rulesOf(`scion, group ${i + 1}`, { ...own, ...changes }),
  }));
  const assign = (parameter: Parameter): LayerNorm => {
    const group = special.find(({ patterns }) =>
      patterns.some((pattern) => fitsPattern(pattern, parameter.path)),
    );
    const named = group?.rules.find(({ name }) => name === group.method);
    return named ?? layerNorm(group?.rules ?? rules, parameter);
  };
  return layerNorms(assign, { roles });
}
