import { availableParallelism } from "node:os";
import { type BoundStage, KernelMemory, KernelMemoryError, KernelRunner } from "@steepest/kernels";
import { allocateTensor, type Dtype, dtypeFacts, type TensorData, viewTensor } from "../arrays/dtype.ts";
import { OnnxRuntimeError } from "../arrays/errors.ts";
import { sizeOf } from "../graph/shape.ts";
import type { KernelStage, Program } from "../lower/program.ts";

/** The memory that fused loops share with the runtime, and the threads that run them. */
export class KernelHost {
  readonly #memory = new KernelMemory();
  readonly #runner: KernelRunner;
  /** Room for intermediate results, by size. Runs do not overlap, so all stages have it in common. */
  readonly #scratch = new Map<number, number[]>();

  /** Whether an array had to go elsewhere. */
  #full = false;

  /** Undefined where the system has no addresses for it. */
  static create(threads?: number): KernelHost | undefined {
    try {
      return new KernelHost(threads);
    } catch (error) {
      if (error instanceof KernelMemoryError) return undefined;
      throw error;
    }
  }

  constructor(threads: number = availableParallelism()) {
    this.#runner = new KernelRunner(this.#memory, Math.min(threads, availableParallelism()));
  }

  /** A zeroed tensor in the loops' memory, or outside where that is full. */
  allocate(dtype: Dtype, size: number): TensorData {
    try {
      const address = this.#memory.allocate(size * dtypeFacts[dtype].bytes);
      return viewTensor(dtype, this.#memory.buffer, address, size);
    } catch (error) {
      if (!(error instanceof KernelMemoryError)) throw error;
      this.#full = true;
      return allocateTensor(dtype, size);
    }
  }

  /** Whether a program's arrays have room, besides those in the slots given, which are there already. */
  hasRoomFor({ slots, stages }: Program, there: ReadonlySet<number>): boolean {
    const arrays = slots.map(({ dtype, shape }, slot) =>
      there.has(slot) ? 0 : sizeOf(shape) * dtypeFacts[dtype].bytes,
    );
    const scratch = stages.map((stage) => (stage.kind === "kernels" ? stage.kernels.scratchBytes : 0));
    return !this.#full && [...arrays, ...scratch].reduce((a, b) => a + b, 0) < this.#memory.left;
  }

  /** A stage with its arguments in place. Throws where one of them is outside the loops' memory. */
  bind(
    { kernels }: KernelStage,
    inputs: readonly TensorData[],
    outputs: readonly TensorData[],
  ): readonly BoundStage[] {
    const found = [inputs, outputs].map((arrays) =>
      arrays.flatMap((array) => this.#memory.addressOf(array) ?? []),
    );
    const [given = [], made = []] = found;
    if (given.length < inputs.length || made.length < outputs.length)
      throw new OnnxRuntimeError(
        "the arrays of this step do not fit into the 4 GiB of its fused loops: create it with fusedUpdate: false",
      );
    const taken = new Map<number, number>();
    return kernels.bind(this.#memory, given, made, (bytes) => {
      const position = taken.get(bytes) ?? 0;
      taken.set(bytes, position + 1);
      const pieces = this.#scratch.get(bytes) ?? [];
      this.#scratch.set(bytes, pieces);
      const piece = pieces[position] ?? this.#memory.allocate(bytes);
      pieces[position] = piece;
      return piece;
    });
  }

  run(stages: readonly BoundStage[]): Promise<void> {
    return this.#runner.run(stages);
  }

  get scratchBytes(): number {
    return [...this.#scratch].reduce((sum, [bytes, pieces]) => sum + bytes * pieces.length, 0);
  }

  /** Ends the threads. Arrays stay readable. */
  dispose(): void {
    this.#runner.dispose();
  }
}
