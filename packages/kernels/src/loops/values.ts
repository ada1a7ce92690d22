import type { ElementType, Nest, Operand } from "../nest/nest.ts";
import type { Code, Local } from "../wasm/code.ts";
import { type Depth, depthsOf } from "./depths.ts";
import { emitStep } from "./emitStep.ts";
import { argumentAt, type RowStarts } from "./rowStarts.ts";

const ELEMENT = 4;

/** The bits of a number as memory has them. */
function bitsOf(value: number, type: ElementType): number {
  if (type === "float32") return new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;
  if (type === "bool") return value === 0 ? 0 : -1;
  return value | 0;
}

/** The reads, numbers and steps of a nest, each with a local variable that holds it. */
export class Values {
  readonly #code: Code;
  readonly #nest: Nest;
  readonly #reads: readonly Local[];
  readonly #steps: readonly Local[];
  readonly #numbers = new Map<number, Local>();
  readonly #scratch: Local[] = [];

  constructor(nest: Nest, code: Code) {
    this.#nest = nest;
    this.#code = code;
    this.#reads = nest.reads.map(() => code.local("v128"));
    this.#steps = nest.steps.map(() => code.local("v128"));
    const operands = [
      ...nest.steps.flatMap((step) => step.operands),
      ...nest.writes.map(({ value }) => value),
    ];
    for (const operand of [...operands, ...nest.reductions.map(({ value }) => value)]) {
      if (operand.kind !== "number") continue;
      const bits = bitsOf(operand.value, operand.type);
      if (this.#numbers.has(bits)) continue;
      const local = code.local("v128");
      this.#numbers.set(bits, local);
      code.splatBits(bits).set(local);
    }
  }

  push(operand: Operand): void {
    this.#code.get(this.#local(operand));
  }

  /** Computes what changes at a depth. `one`: a single element instead of four, in the first lane. */
  emit(
    depth: Depth,
    pointers: readonly Local[],
    starts: RowStarts,
    position: Local,
    functionIndex: (name: string) => number,
    one = false,
  ): void {
    const depths = depthsOf(this.#nest);
    for (const [i, { argument, offset, strides }] of this.#nest.reads.entries()) {
      const [target, start] = [this.#reads[i], starts.reads[i]];
      if (depths.reads[i] !== depth || target === undefined || start === undefined) continue;
      if (depth === "tile")
        this.#code
          .get(argumentAt(pointers, argument))
          .memory("v128.load32_splat", ELEMENT * offset)
          .set(target);
      else if (depth === "row") this.#code.get(start).memory("v128.load32_splat").set(target);
      else this.#readElements(target, start, position, strides.at(-1) ?? 1, one);
    }
    for (const [i, step] of this.#nest.steps.entries()) {
      const target = this.#steps[i];
      if (depths.steps[i] !== depth || target === undefined) continue;
      let used = 0;
      emitStep(step, {
        code: this.#code,
        push: (at) => this.push(step.operands[at] ?? fail()),
        scratch: () => this.#scratchAt(used++),
        functionIndex,
      });
      this.#code.set(target);
    }
  }

  #readElements(target: Local, start: Local, position: Local, stride: number, one: boolean): void {
    const code = this.#code;
    if (stride === 1) {
      code.get(start).get(position).plain("i32.add");
      code.memory(one ? "v128.load32_zero" : "v128.load").set(target);
      return;
    }
    code.splatBits(0).set(target);
    for (const lane of one ? [0] : [0, 1, 2, 3]) {
      code
        .get(start)
        .get(position)
        .i32(ELEMENT * lane)
        .plain("i32.add")
        .i32(stride)
        .plain("i32.mul", "i32.add");
      code.get(target).memoryLane("v128.load32_lane", lane).set(target);
    }
  }

  #local(operand: Operand): Local {
    if (operand.kind === "number") return this.#numbers.get(bitsOf(operand.value, operand.type)) ?? fail();
    return (operand.kind === "read" ? this.#reads : this.#steps)[operand.index] ?? fail();
  }

  #scratchAt(position: number): Local {
    const found = this.#scratch[position] ?? this.#code.local("v128");
    this.#scratch[position] = found;
    return found;
  }
}

function fail(): never {
  throw new Error("internal: a nest without that operand");
}
