import { DeviceError } from "../errors.ts";
import { ortApi } from "./ortApi.ts";

/** Where a graph runs. */
export type Device = "cpu" | "webgpu" | "cuda";

interface Provider {
  /** The name that `SessionOptionsAppendExecutionProvider` takes. */
  readonly append: string;
  /** The name in the list of available providers. */
  readonly listed: string;
  readonly remedy: string;
}

const providers: Record<Exclude<Device, "cpu">, Provider> = {
  webgpu: {
    append: "WebGPU",
    listed: "WebGpuExecutionProvider",
    remedy:
      "onnxruntime-node bundles it for x64 and arm64; it needs a Vulkan, Metal or D3D12 driver " +
      "(Linux without a GPU: Chromium's SwiftShader, VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json)",
  },
  cuda: {
    append: "CUDA",
    listed: "CUDAExecutionProvider",
    remedy:
      "Linux x64 with an NVIDIA driver, CUDA 12 and cuDNN 9; fetch the provider with " +
      "`npm install onnxruntime-node --onnxruntime-node-install=cuda12` (scripts allowed)",
  },
};

/** The provider to append for a device, undefined for the CPU. Throws `DeviceError` if the library lacks it. */
export function providerOf(device: Device): string | undefined {
  if (device === "cpu") return undefined;
  const provider = providers[device];
  if (provider === undefined)
    throw new DeviceError(
      `unknown device "${String(device)}": use cpu, ${Object.keys(providers).join(" or ")}`,
    );
  const available = ortApi().providers();
  if (!available.includes(provider.listed))
    throw new DeviceError(
      `device "${device}" is not in this ONNX Runtime (${ortApi().version} has ${available.join(", ")})\n` +
        `  remedy: ${provider.remedy}, or use device "cpu"`,
    );
  return provider.append;
}
