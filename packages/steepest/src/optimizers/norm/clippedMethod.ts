import { everything, type Method, type RecipeContext } from "../../define/definition.ts";
import { nonNegative, pastWeight, positive, rate, type ValuesOf } from "../../define/options.ts";
import type { Norm } from "../../norms/norm.ts";
import type { ProductKind } from "../../norms/product.ts";
import { layerNorms } from "../../steps/layerNorms.ts";
import { clippedChain } from "./clippedChain.ts";

/** Options of the clipped methods, GGNC in any norm and the three in one norm. */
export const clippedOptions = {
  learningRate: rate(1e-3, "learning rate γ; 1/L0 in theory"),
  momentum: pastWeight(0.9, "momentum μ, the weight of the past; the paper's α is 1 − μ"),
  threshold: positive(1, "ρ: the dual norm from which on steps have length γρ; L0/L1 in theory"),
  weightDecay: nonNegative(0, "weight decay λ, decoupled"),
};

/** GGNC with one norm over the layers of all groups, each layer in the norm that its group's options make. */
export function clippedMethod<V extends ValuesOf<typeof clippedOptions>>(
  name: string,
  { normOf, kind }: { readonly normOf: (values: V) => Norm; readonly kind: ProductKind },
  { threshold }: V,
  context: RecipeContext<V>,
): Method {
  const { roles, grouped } = context;
  const norms = new Map(grouped.all.map((values) => [values, normOf(values)]));
  const layers = layerNorms(
    ({ path }) => {
      const values = grouped.of(path);
      return { norm: norms.get(values) ?? normOf(values), radius: 1 };
    },
    { kind, roles },
  );
  return {
    name,
    takes: everything,
    spans: ["threshold"],
    sums: kind === "max",
    transform: clippedChain(context, layers, threshold),
  };
}
