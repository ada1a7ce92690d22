import { DeviceError } from "../arrays/errors.ts";
import { type Handle, ortApi } from "./ortApi.ts";

/** Where a graph runs. */
export type Device = "cpu" | "webgpu" | "cuda";

export const devices: readonly Device[] = ["cpu", "webgpu", "cuda"];

interface Provider {
  /** Its name in the list of what a library was built with. */
  readonly listed: string;
  append(settings: Handle): void;
  readonly remedy: string;
}

const providers: Record<Exclude<Device, "cpu">, Provider> = {
  webgpu: {
    listed: "WebGpuExecutionProvider",
    append: (settings) => ortApi().call("AppendExecutionProvider", settings, "WebGPU", null, null, 0),
    remedy:
      "it needs a GPU with a Vulkan, Metal or D3D12 driver. On Linux without one, Chromium's SwiftShader " +
      "computes the same, very slowly: apt-get install libvulkan1 chromium, then set " +
      "VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json",
  },
  cuda: {
    listed: "CUDAExecutionProvider",
    append(settings) {
      const api = ortApi();
      const options = api.create("CreateCudaOptions");
      try {
        api.call("AppendCuda", settings, options);
      } finally {
        api.release("ReleaseCudaOptions", options);
      }
    },
    remedy:
      "it needs Linux x64, an NVIDIA driver, CUDA 12, cuDNN 9, and the provider's library, which npm does not " +
      "carry: `node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12` fetches it",
  },
};

/**
 * Adds a device to the settings of a session. The CPU needs nothing; it also runs what another device has no
 * kernel for. Throws `DeviceError` saying what is missing; there is no silent fallback.
 */
export function appendDevice(settings: Handle, device: Device): void {
  if (device === "cpu") return;
  const provider = providers[device];
  if (provider === undefined)
    throw new DeviceError(`unknown device "${String(device)}": use ${devices.join(", ")}`);
  const available = ortApi().providers();
  if (!available.includes(provider.listed))
    throw new DeviceError(
      `device "${device}" is not in ONNX Runtime ${ortApi().version}, which has ${available.join(", ")}\n` +
        `  remedy: ${provider.remedy}; or use device "cpu"`,
    );
  try {
    provider.append(settings);
  } catch (cause) {
    throw unavailable(device, cause);
  }
}

/** Whether a device works here, and if not, why not and what to do. Starts nothing that stays. */
export function probeDevice(device: Device): { available: true } | { available: false; reason: string } {
  const settings = ortApi().create("CreateSessionOptions");
  try {
    appendDevice(settings, device);
    return { available: true };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    ortApi().release("ReleaseSessionOptions", settings);
  }
}

/** The error for a device whose provider is there but does not start. */
export function unavailable(device: Device, cause: unknown): DeviceError {
  const text = cause instanceof Error ? cause.message.trim() : String(cause);
  const remedy = device === "cpu" ? "" : `\n  remedy: ${providers[device].remedy}; or use device "cpu"`;
  return new DeviceError(`device "${device}" does not start here: ${text}${remedy}`, { cause });
}
