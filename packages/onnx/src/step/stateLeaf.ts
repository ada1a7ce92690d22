import type { LeafSpec } from "../arrays/argumentTree.ts";
import type { allocateTensor, TensorData } from "../arrays/dtype.ts";
import { sizeOf } from "../graph/shape.ts";

/** One array of a state, with a second one beside it as soon as a step cannot overwrite the first. */
export class StateLeaf {
  readonly #spec: LeafSpec;
  readonly #make: typeof allocateTensor;
  readonly #buffers: [TensorData, TensorData?];
  #current: 0 | 1 = 0;

  constructor(spec: LeafSpec, make: typeof allocateTensor) {
    this.#spec = spec;
    this.#make = make;
    this.#buffers = [this.#allocate()];
  }

  /** Which of the two arrays holds the value. */
  get current(): 0 | 1 {
    return this.#current;
  }

  get value(): TensorData {
    return this.#at(this.#current);
  }

  /** Where the next value can be put without touching this one. */
  get other(): TensorData {
    return this.#at(this.#current === 0 ? 1 : 0);
  }

  /** Makes the other array the value. */
  swap(): void {
    this.#current = this.#current === 0 ? 1 : 0;
  }

  get bytes(): number {
    return this.#buffers.reduce((sum, buffer) => sum + (buffer?.byteLength ?? 0), 0);
  }

  #at(position: 0 | 1): TensorData {
    const found = this.#buffers[position] ?? this.#allocate();
    this.#buffers[position] = found;
    return found;
  }

  #allocate(): TensorData {
    return this.#make(this.#spec.dtype, sizeOf(this.#spec.shape));
  }
}
