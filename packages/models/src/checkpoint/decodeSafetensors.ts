import { decodeTensor } from "./decodeTensor.ts";
import type { HostTensors } from "./hostTensor.ts";
import { headerLength, PREFIX, readHeader } from "./readHeader.ts";

/**
 * The tensors of a safetensors file, in the order of its header. The bytes are not trusted: every length and
 * offset is checked before any tensor is made, and nothing larger than the file is asked for (float16 and bfloat16
 * become float32, small integers int32: at most four times their bytes). Throws `SafetensorsError` that says which
 * tensor is wrong. For files too large to hold see `openSafetensors`.
 */
export function decodeSafetensors(bytes: Uint8Array): HostTensors {
  const length = headerLength(bytes.subarray(0, PREFIX), bytes.length);
  const start = PREFIX + length;
  const { layouts } = readHeader(bytes.subarray(PREFIX, start), bytes.length - start);
  return Object.fromEntries(
    layouts.map((layout) => [
      layout.name,
      // a copy of its own, aligned; `slice` of a Buffer would be a view
      decodeTensor(layout, new Uint8Array(bytes.subarray(start + layout.begin, start + layout.end)).buffer),
    ]),
  );
}
