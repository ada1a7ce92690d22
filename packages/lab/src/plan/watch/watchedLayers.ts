import { type Assignment, type LayerGeometry, layerGeometry, type Optimizer, type Parameter } from "steepest";

/** What a method promises of ‖W‖ in a layer's own norm, from ‖W₀‖ on. */
export type LayerPromise =
  /** ‖W‖ ≤ max(‖W₀‖, radius): a constraint, or what weight decay comes to. */
  | { readonly kind: "ball"; readonly radius: number }
  /** ‖W‖ ≤ ‖W₀‖ + radius · Σγ; γ is the rate times the schedule. */
  | { readonly kind: "growth"; readonly radius: number; readonly rate: number };

/** A parameter with the norm its method works in; both undefined where it has none or promises nothing. */
export interface WatchedLayer extends Parameter {
  readonly geometry: LayerGeometry | undefined;
  readonly promise: LayerPromise | undefined;
}

/** Methods whose step is x ← (1 − γη)x + γη·ρ lmo(d) with η in (0, 1]: they never leave their ball. */
const constrained: readonly string[] = ["cg", "clipped_scion", "s3cg", "scg", "scion"];

/** Methods whose step is x ← (1 − γλ)x + γρ lmo(d), or a part of it. */
const unconstrained: readonly string[] = [
  ...["almond", "colnorm_sgd", "f_muon", "f_neon", "lion", "lion_k", "neon", "nsgd", "rownorm_sgd"],
  ...["muon", "muon_airbench", "muon_deepseek_v4", "muon_dion", "muon_emerging", "muon_exact", "muon_gram"],
  ...[
    "muon_moonlight",
    "muon_optax",
    "muon_torch",
    "signsgd",
    "signum",
    "ucg",
    "unconstrained_clipped_scion",
  ],
  ...["unconstrained_scion", "uscg"],
];

/** The parameters of a run with their norms. `assigned` is `optimizer.assign` of them. */
export function watchedLayers(
  optimizer: Pick<Optimizer, "name">,
  options: Readonly<Record<string, unknown>>,
  assigned: readonly Assignment[],
): WatchedLayer[] {
  const geometryOf = layerGeometry(optimizer.name, options);
  return assigned.map((assignment) => {
    const { path, shape, role } = assignment;
    const geometry = geometryOf({ path, shape, role });
    const promise = geometry && promiseOf(optimizer.name, assignment, geometry);
    return { path, shape, role, geometry, promise };
  });
}

function promiseOf(name: string, assignment: Assignment, geometry: LayerGeometry): LayerPromise | undefined {
  const { learningRate, weightDecay = 0, method } = assignment;
  if (constrained.includes(name))
    return { kind: "ball", radius: method.scale?.(assignment) ?? geometry.radius };
  if (!unconstrained.includes(name) || typeof learningRate !== "number") return undefined;
  if (weightDecay === 0) return { kind: "growth", radius: geometry.radius, rate: learningRate };
  return learningRate * weightDecay > 1 ? undefined : { kind: "ball", radius: geometry.radius / weightDecay };
}
