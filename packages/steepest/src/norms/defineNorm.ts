import type { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../core/expectNumbers.ts";
import type { Norm } from "./norm.ts";

/** A norm of unit radius; `sharp` only where there is something cheaper than dual and lmo. */
export type NormParts = Omit<Norm, "sharp"> & Partial<Pick<Norm, "sharp">>;

/**
 * Completes a norm with sharp(g) = −dual(g) · lmo(g) and makes its unit ball `scale` times as large:
 * value / scale, dual · scale, lmo · scale (of stacks too), sharp · scale², init · scale.
 *
 * Throws a RangeError unless scale is positive and finite.
 */
export function defineNorm(parts: NormParts, scale = 1): Norm {
  expectNumbers(parts.name, { scale }, "> 0");
  const { name } = parts;
  const sharp = (g: np.Array): np.Array =>
    parts.sharp === undefined ? parts.dual(g.ref).mul(parts.lmo(g)).mul(-1) : parts.sharp(g);
  if (scale === 1) return { ...parts, name, sharp };
  const { lmoStack } = parts;
  return {
    name,
    value: (x) => parts.value(x).div(scale),
    dual: (g) => parts.dual(g).mul(scale),
    lmo: (g) => parts.lmo(g).mul(scale),
    sharp: (g) => sharp(g).mul(scale * scale),
    init: (key, shape) => parts.init(key, shape).mul(scale),
    ...(lmoStack && { lmoStack: (stack: np.Array) => lmoStack(stack).mul(scale) }),
  };
}

/** The norm whose unit ball is `radius` times that of `norm`: ‖x‖ / radius. */
export function scaled(norm: Norm, radius: number): Norm {
  return defineNorm(norm, radius);
}

/** Throws a RangeError unless eps is 0 or positive and finite. */
export function expectEps(name: string, eps: number): number {
  expectNumbers(name, { eps }, "≥ 0");
  return eps;
}
