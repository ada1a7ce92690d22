import { defaultDevice, init } from "@jax-js/jax";
import type { DeviceChoice, Engine } from "./engine.ts";

/**
 * What computes for a choice, with jax-js on its device. `auto`: WebGPU on a real GPU, else WebAssembly with the threads that are
 * given where the page is isolated. Throws where WebGPU is asked for and there is none.
 */
export async function chooseEngine(choice: DeviceChoice, threads: number): Promise<Engine> {
  const wanted = choice === "webgpu" || choice === "auto";
  const adapter = wanted ? await navigator.gpu?.requestAdapter().catch(() => null) : null;
  const software = adapter?.info.isFallbackAdapter === true || /swiftshader|llvmpipe/i.test(nameOf(adapter));
  if (adapter && !(choice === "auto" && software)) {
    const found = await init("wasm", "webgpu");
    if (found.includes("webgpu")) {
      defaultDevice("webgpu");
      return { kind: "webgpu", adapter: nameOf(adapter) };
    }
  }
  if (choice === "webgpu") throw new Error("this browser gives no WebGPU here; choose another device");
  await init("wasm");
  defaultDevice("wasm");
  return { kind: "kernels", threads: choice === "one" || !crossOriginIsolated ? 1 : Math.max(1, threads) };
}

function nameOf(adapter: GPUAdapter | null | undefined): string {
  const { vendor = "", architecture = "", description = "" } = adapter?.info ?? {};
  return [description || vendor, architecture].filter((part) => part !== "").join(", ") || "adapter";
}
