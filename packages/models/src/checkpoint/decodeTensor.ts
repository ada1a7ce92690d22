import type { HostTensor } from "./hostTensor.ts";
import type { Layout } from "./readHeader.ts";
import { SafetensorsError, shown } from "./safetensorsError.ts";

/**
 * A tensor from its bytes, which begin an `ArrayBuffer` of their own and are used without a copy where the type is
 * one of ours. float16 and bfloat16 become float32, exactly. Throws `SafetensorsError` for a 64-bit integer that 32
 * bits do not hold.
 */
export function decodeTensor({ name, stored, shape }: Layout, buffer: ArrayBuffer): HostTensor {
  switch (stored) {
    case "F64":
      return { dtype: "float64", shape, data: new Float64Array(buffer) };
    case "F32":
      return { dtype: "float32", shape, data: new Float32Array(buffer) };
    case "F16":
      return { dtype: "float32", shape, data: fromFloat16(new Uint16Array(buffer)) };
    case "BF16":
      return { dtype: "float32", shape, data: fromBfloat16(new Uint16Array(buffer)) };
    case "I32":
      return { dtype: "int32", shape, data: new Int32Array(buffer) };
    case "U32":
      return { dtype: "uint32", shape, data: new Uint32Array(buffer) };
    case "I16":
      return { dtype: "int32", shape, data: Int32Array.from(new Int16Array(buffer)) };
    case "I8":
      return { dtype: "int32", shape, data: Int32Array.from(new Int8Array(buffer)) };
    case "U16":
      return { dtype: "int32", shape, data: Int32Array.from(new Uint16Array(buffer)) };
    case "U8":
      return { dtype: "int32", shape, data: Int32Array.from(new Uint8Array(buffer)) };
    case "I64":
      return {
        dtype: "int32",
        shape,
        data: narrowed(name, new BigInt64Array(buffer), new Int32Array(buffer.byteLength / 8)),
      };
    case "U64":
      return {
        dtype: "uint32",
        shape,
        data: narrowed(name, new BigUint64Array(buffer), new Uint32Array(buffer.byteLength / 8)),
      };
    case "BOOL":
      return { dtype: "bool", shape, data: new Uint8Array(buffer) };
  }
}

/** Sign, 8 bits of exponent and 7 of fraction: the upper half of a float32. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16: sign, 5 bits of exponent and 10 of fraction. */
function fromFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] ?? 0;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Number.POSITIVE_INFINITY
            : Number.NaN
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    values[i] = half >> 15 === 1 ? -size : size;
  }
  return values;
}

function narrowed<T extends Int32Array | Uint32Array>(
  name: string,
  wide: BigInt64Array | BigUint64Array,
  narrow: T,
): T {
  for (const [i, value] of wide.entries()) {
    narrow[i] = Number(value);
    if (BigInt(narrow[i] ?? 0) !== value) {
      throw new SafetensorsError(
        `tensor ${shown(name)} has ${value} at ${i}, which does not fit into 32 bits`,
      );
    }
  }
  return narrow;
}
