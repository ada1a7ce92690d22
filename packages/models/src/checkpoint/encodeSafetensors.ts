import { storedType } from "./elementType.ts";
import type { HostTensors } from "./hostTensor.ts";

/**
 * A safetensors file, as the pieces to be written one after the other (no copy of the numbers is made):
 * 8 bytes header length, little endian; the header, JSON padded with spaces to a multiple of 8; the tensors
 * one after the other in the order given. Numbers are little endian, as on every machine Node runs on.
 * Source: huggingface.co/docs/safetensors.
 */
export function encodeSafetensors(
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  let offset = 0;
  const entries: [string, unknown][] = [["__metadata__", metadata]];
  const bodies: Uint8Array[] = [];
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    if (name === "__metadata__") throw new Error('a tensor cannot be called "__metadata__"');
    const end = offset + data.byteLength;
    entries.push([name, { dtype: storedType[dtype], shape, data_offsets: [offset, end] }]);
    bodies.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  return [length, padded, ...bodies];
}
