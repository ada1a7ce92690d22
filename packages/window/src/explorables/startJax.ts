import { init } from "@jax-js/jax";

let started: Promise<unknown> | undefined;

/** jax-js on WebAssembly, once for all pages that compute. */
export function startJax(): Promise<unknown> {
  started ??= init("wasm");
  return started;
}
