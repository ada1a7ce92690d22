import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";
import { didYouMean } from "../core/nearestName.ts";

/**
 * How a matrix is brought to singular values of at most 1 before an iteration, f = factor · ‖x‖_F:
 *
 *   guard "add":    x / (f + eps)
 *   guard "floor":  x / max(f, eps)
 *
 * With eps = 0 the result does not depend on the scale of x at all. In every case 0 stays 0, and nothing
 * underflows or overflows on the way: x is divided by max|x| before it is squared.
 */
export interface Normalization {
  readonly guard: "add" | "floor";
  readonly eps: number;
  readonly factor: number;
  /**
   * Instead of all that, `aol`: each row of the short side i divided by √Σⱼ|XXᵀ|ᵢⱼ, which also brings σ₁ to 1 or below
   * (Gershgorin), the rest nearer to 1. It changes the singular vectors: the result is the polar factor of DX, D diagonal.
   */
  readonly rows?: "aol";
}

/** The normalizations of published codes. `invariant` is ours: no eps. */
export const normalizations = {
  invariant: { guard: "add", eps: 0, factor: 1 },
  /** Keller Jordan's Muon, Moonlight, Scion, NorMuon. */
  keller: { guard: "add", eps: 1e-7, factor: 1 },
  /** torch.optim.Muon, Spectral Sphere Optimizer. */
  torch: { guard: "floor", eps: 1e-7, factor: 1 },
  /** optax. */
  optax: { guard: "add", eps: 1e-8, factor: 1 },
  /** NVIDIA Emerging-Optimizers. */
  nvidia: { guard: "floor", eps: 1e-15, factor: 1 },
  /** microsoft/dion and modded-nanogpt with Polar Express. */
  dion: { guard: "add", eps: 1e-6, factor: 1.02 },
  /** Polar Express as in its paper. */
  polarExpress: { guard: "add", eps: 1e-7, factor: 1.01 },
  /**
   * Turbo-Muon: Boissin et al. 2025, arXiv:2512.04632; 2n²m FLOPs more. A matrix of rank one gets σ = 1 exactly, which their
   * coefficients `aol4` send to −1: take others with it.
   */
  aol: { guard: "add", eps: 0, factor: 1, rows: "aol" },
} as const satisfies Record<string, Normalization>;

export const normalizationNames = [
  "invariant",
  "keller",
  "torch",
  "optax",
  "nvidia",
  "dion",
  "polarExpress",
  "aol",
] as const satisfies readonly (keyof typeof normalizations)[];

export type NormalizationName = (typeof normalizationNames)[number];

/** Resolves a name or a partial description; missing fields are those of `invariant` with the given factor. */
export function normalizationFrom(
  choice: NormalizationName | Partial<Normalization>,
  factor: number,
): Normalization {
  if (typeof choice !== "string") {
    const full = { ...normalizations.invariant, factor, ...choice };
    expectNumbers("normalization", { eps: full.eps }, "≥ 0");
    expectNumbers("normalization", { factor: full.factor }, "> 0");
    return full;
  }
  if (!Object.hasOwn(normalizations, choice)) {
    const names = Object.keys(normalizations);
    throw new Error(
      `unknown normalization "${choice}"${didYouMean(choice, names)}. The names are ${names.join(", ")}`,
    );
  }
  return choice === "invariant" ? { ...normalizations.invariant, factor } : normalizations[choice];
}

/** Divides each matrix of `[..., m, n]` as described by the normalization. Consumes x. */
export function normalize(x: np.Array, how: Normalization): np.Array {
  if (how.rows === undefined) return divideByNorm(x, how);
  const { scaled, scale } = scaleByLargest(x);
  scale.dispose();
  return scaleRows(scaled).div(how.factor);
}

/** `normalize` by the Frobenius norm, whatever `rows` says. Consumes x. */
export function divideByNorm(x: np.Array, { guard, eps, factor }: Normalization): np.Array {
  const { scaled, scale } = scaleByLargest(x);
  const f = np.sqrt(np.sum(np.square(scaled.ref), [-2, -1], { keepdims: true })).mul(factor);
  const floor = eps === 0 ? undefined : np.reciprocal(scale.ref).mul(eps); // eps in units of the scale
  scale.dispose();
  if (floor === undefined) return scaled.div(np.where(f.ref.greater(0), f, 1));
  return scaled.div(guard === "add" ? f.add(floor) : np.maximum(f, floor));
}

/** Rows of the short side over √Σⱼ|XXᵀ|ᵢⱼ; zero rows stay zero. Consumes x, whose largest entry is about 1. */
function scaleRows(x: np.Array): np.Array {
  const [m = 0, n = 0] = x.shape.slice(-2);
  const transposed = np.matrixTranspose(x.ref);
  const gram = m <= n ? np.matmul(x.ref, transposed) : np.matmul(transposed, x.ref);
  const sums = np.sum(np.abs(gram), m <= n ? -1 : -2, { keepdims: true });
  return x.div(np.sqrt(np.where(sums.ref.greater(0), sums, 1)));
}

/** 2⁻¹²⁶: the reciprocal of a smaller float32 may overflow. */
export const SMALLEST_NORMAL = 2 ** -126;

/**
 * x / max|x| per matrix and the divisor [..., 1, 1], which is 1 where the matrix is zero, or so small that one over it
 * overflows. Consumes x.
 */
export function scaleByLargest(x: np.Array): { scaled: np.Array; scale: np.Array } {
  const largest = np.max(np.abs(x.ref), [-2, -1], { keepdims: true });
  const scale = np.where(largest.ref.greater(SMALLEST_NORMAL), largest, 1);
  return { scaled: x.div(scale.ref), scale };
}
