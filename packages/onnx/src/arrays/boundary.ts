import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { isArray, type Leaf, type LeafSpec } from "./argumentTree.ts";
import { allocateTensor, type Dtype, type TensorData } from "./dtype.ts";
import { UnsupportedDtypeError } from "./errors.ts";

/** The elements of a leaf in the boundary's layout. Uses an array up. */
export async function toTensor(leaf: Leaf, dtype: Dtype): Promise<TensorData> {
  if (isArray(leaf)) return toBoundary(await leaf.data(), dtype);
  const array = allocateTensor(dtype, 1);
  array[0] = Number(leaf);
  return array;
}

/** What is read of an array at a time: jax-js computes it in memory of its own, which it never gives back. */
const PIECE = 2 ** 22;

/** Copies the elements of an array into the boundary's layout, a large one in pieces. Uses it up. */
export function copyOut(array: JaxArray, dtype: Dtype, target: TensorData): void {
  const { size } = array;
  if (size <= PIECE) {
    target.set(toBoundary(array.dataSync(), dtype));
    return;
  }
  const flat = array.reshape([-1]);
  for (let from = 0; from < size; from += PIECE) {
    const piece = flat.ref.slice([from, Math.min(size, from + PIECE)]);
    target.set(toBoundary(piece.dataSync(), dtype), from);
  }
  flat.dispose();
}

type Halves = Uint16Array<ArrayBuffer>;

/** The runtime's own arrays of float16, which Node has from version 24 on. */
function halfArray(): new (buffer: ArrayBuffer, offset: number, length: number) => Halves {
  const found: unknown = Reflect.get(globalThis, "Float16Array");
  if (typeof found !== "function" || found.prototype instanceof Uint16Array)
    throw new UnsupportedDtypeError(
      "float16",
      `Node ${process.versions.node}`,
      "pass float32 and cast inside the function, or use Node 24, which has Float16Array",
    );
  return found as ReturnType<typeof halfArray>;
}

/** Throws `UnsupportedDtypeError` where the elements of such an array would not be what they seem. */
export function expectReadable(dtype: Dtype): void {
  if (dtype === "float16") halfArray();
}

/** jax-js keeps bool as int32, the runtime as bytes. */
export function toBoundary(data: ArrayLike<number>, dtype: Dtype): TensorData {
  if (dtype === "bool") return Uint8Array.from(data);
  if (dtype === "float16") {
    expectReadable(dtype);
    const { buffer, byteOffset, length } = data as Uint16Array;
    return new Uint16Array(buffer, byteOffset, length);
  }
  return data as TensorData;
}

/** A jax-js array of the elements. */
export function fromTensor(data: TensorData | undefined, leaf: LeafSpec | undefined): JaxArray {
  if (data === undefined || leaf === undefined) throw new Error("internal: a result without data");
  const { shape, dtype } = leaf;
  const options = { shape: [...shape], dtype: dtype as np.DType };
  expectReadable(dtype);
  if (data.length === 0) return np.zeros([...shape], { dtype: options.dtype });
  if (dtype === "bool") return np.array(Int32Array.from(data), options);
  if (dtype === "float16") {
    const own = Uint16Array.from(data);
    return np.array(new (halfArray())(own.buffer, 0, own.length) as never, options);
  }
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint32Array)
    return np.array(data as Float32Array<ArrayBuffer>, options);
  return np.array(data as Float64Array<ArrayBuffer>, options);
}
