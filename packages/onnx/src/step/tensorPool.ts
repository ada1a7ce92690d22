import type { allocateTensor, Dtype, TensorData } from "../arrays/dtype.ts";

/** Arrays for values that live during one run only, which several programs have in common. */
export class TensorPool {
  readonly #make: typeof allocateTensor;
  readonly #arrays = new Map<string, TensorData[]>();

  constructor(make: typeof allocateTensor) {
    this.#make = make;
  }

  /** Hands out arrays, never the same one twice by one function returned. */
  take(): (dtype: Dtype, size: number) => TensorData {
    const used = new Map<string, number>();
    return (dtype, size) => {
      const key = `${dtype} ${size}`;
      const position = used.get(key) ?? 0;
      used.set(key, position + 1);
      const arrays = this.#arrays.get(key) ?? [];
      this.#arrays.set(key, arrays);
      const found = arrays[position] ?? this.#make(dtype, size);
      arrays[position] = found;
      return found;
    };
  }

  get bytes(): number {
    return [...this.#arrays.values()].flat().reduce((sum, { byteLength }) => sum + byteLength, 0);
  }
}
