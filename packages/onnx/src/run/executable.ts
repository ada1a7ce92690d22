import type { BoundStage } from "@steepest/kernels";
import { allocateTensor, type TensorData } from "../arrays/dtype.ts";
import { toModel } from "../graph/model.ts";
import { runOrder } from "../graph/runOrder.ts";
import { sizeOf } from "../graph/shape.ts";
import type { CutStage, Program, Stage } from "../lower/program.ts";
import { type Binding, Session, type SessionOptions } from "../runtime/session.ts";
import type { KernelHost } from "./kernelHost.ts";
import { runCut } from "./lapack/runCut.ts";

interface Compiled {
  readonly stage: Stage;
  readonly session?: Session;
}

/** A program whose graphs have become sessions. Holds native memory: `dispose` when done. */
export class Executable {
  readonly program: Program;
  /** Milliseconds spent on serialising graphs and creating sessions. */
  readonly creationMs: number;
  readonly #stages: readonly Compiled[];

  constructor(program: Program, options: SessionOptions = {}) {
    const started = performance.now();
    this.program = program;
    this.#stages = program.stages.map((stage): Compiled => {
      if (stage.kind !== "graph") return { stage };
      const specs = (slots: readonly number[]) => slots.map((s) => slotOf(program, s));
      const model = toModel(stage.graph, { nodes: runOrder(stage.graph) });
      const session = new Session(model, specs(stage.inputs), specs(stage.outputs), options);
      return { stage, session };
    });
    this.creationMs = performance.now() - started;
  }

  /**
   * Ties slots to arrays. Slots that are not given, the values between stages, get those that `allocate` hands out.
   * `host` runs fused loops; their arrays must be in its memory.
   */
  bind(given: ReadonlyMap<number, TensorData>, allocate = allocateTensor, host?: KernelHost): BoundProgram {
    const arrays = this.program.slots.map(
      ({ dtype, shape }, s) => given.get(s) ?? allocate(dtype, sizeOf(shape)),
    );
    const pick = (slots: readonly number[]): TensorData[] =>
      slots.map((s) => arrays[s] ?? fail(`internal: no array for slot ${s}`));
    const steps = this.#stages.map(({ stage, session }): Step => {
      if (stage.kind === "cut") return { stage, arrays };
      if (stage.kind === "kernels") {
        if (host === undefined) return fail("internal: fused loops without a host");
        return { host, loops: host.bind(stage, pick(stage.inputs), pick(stage.outputs)) };
      }
      if (session === undefined) return fail("internal: a graph without session");
      return { binding: session.bind(pick(stage.inputs), pick(stage.outputs)) };
    });
    return new BoundProgram(steps);
  }

  /** Ends profiling and returns one file for each graph. */
  endProfiling(): string[] {
    return this.#stages.flatMap(({ session }) => session?.endProfiling() ?? []);
  }

  dispose(): void {
    for (const { session } of this.#stages) session?.dispose();
  }
}

type Step =
  | { readonly binding: Binding }
  | { readonly host: KernelHost; readonly loops: readonly BoundStage[] }
  | { readonly stage: CutStage; readonly arrays: readonly TensorData[] };

/** A program with all its arrays in place; it can run many times. */
export class BoundProgram {
  readonly #steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  /** Runs the stages from one position up to another. The event loop stays free while graphs and LAPACK run. */
  async run(from = 0, to = this.#steps.length): Promise<void> {
    for (const step of this.#steps.slice(from, to)) {
      if ("binding" in step) await step.binding.run();
      else if ("loops" in step) await step.host.run(step.loops);
      else await runCut(step.stage, step.arrays);
    }
  }

  dispose(): void {
    for (const step of this.#steps) if ("binding" in step) step.binding.dispose();
  }
}

/** The slot at an index, which must exist. */
export function slotOf(program: Program, index: number) {
  return program.slots[index] ?? fail(`internal: no slot ${index}`);
}

function fail(message: string): never {
  throw new Error(message);
}
