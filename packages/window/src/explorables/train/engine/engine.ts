/** What a reader may ask for; `auto` is the fastest there is. */
export const devices = ["auto", "webgpu", "threads", "one"] as const;
export type DeviceChoice = (typeof devices)[number];

/** What computes the steps. */
export type Engine =
  | { readonly kind: "webgpu"; readonly adapter: string }
  | { readonly kind: "kernels"; readonly threads: number }
  /** jax-js on WebAssembly, and why not loops. */
  | { readonly kind: "jax"; readonly because: string };

/** In words. */
export function engineText(engine: Engine): string {
  if (engine.kind === "webgpu") return `WebGPU (${engine.adapter})`;
  if (engine.kind === "jax") return `WebAssembly by jax-js, since ${engine.because}`;
  return engine.threads === 1
    ? "WebAssembly, compiled whole steps, one thread"
    : `WebAssembly, compiled whole steps, ${engine.threads} threads`;
}
