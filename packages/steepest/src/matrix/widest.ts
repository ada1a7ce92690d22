import { defaultDevice, numpy as np } from "@jax-js/jax";

/** x in the widest float type the device computes in: float64, or float32 on WebGPU. Consumes x. */
export function widest(x: np.Array): np.Array {
  const device = defaultDevice();
  return x.astype(device === "webgpu" || device === "webgl" ? np.float32 : np.float64);
}
