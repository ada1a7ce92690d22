import type { Fragment } from "../fuse/jaxpr.ts";
import { movedBytes } from "../fuse/movedBytes.ts";
import { overwrites } from "../fuse/overwrites.ts";
import { planSchedule } from "../fuse/planSchedule.ts";
import type { Call, Schedule } from "../fuse/schedule.ts";
import { scratchOf } from "../fuse/scratch.ts";
import { effortOf, type Loops, tileCount } from "../nest/loops.ts";
import { CALL_WORDS } from "./control.ts";
import type { KernelMemory } from "./kernelMemory.ts";
import { type Kernel, kernelModule, kernelsOf } from "./kernelModule.ts";
import type { BoundStage } from "./kernelRunner.ts";

const WORD = 4;

/** What a program needs of a memory besides its inputs and outputs. Found once for each memory. */
interface Loaded {
  readonly kernels: readonly Kernel[];
  readonly module: BoundStage["module"];
  readonly constants: ReadonlyMap<number, number>;
}

let modules = 0;

/** Equations that have become loops. Knows no addresses: `bind` gives it some. */
export class KernelProgram {
  readonly schedule: Schedule;
  /** Equal loops once. */
  readonly nests: readonly Loops[];
  readonly #kernelOf: ReadonlyMap<Call, number>;
  readonly #loaded = new WeakMap<KernelMemory, Loaded>();

  /** Throws where an equation cannot become loops (`unsupported` tells), or a bool comes in or goes out. */
  constructor(fragment: Fragment) {
    this.schedule = planSchedule(fragment);
    const known = new Map<string, number>();
    const nests: Loops[] = [];
    const kernelOf = new Map<Call, number>();
    for (const call of this.schedule.stages.flat()) {
      const key = JSON.stringify(call.loops, numbersAsText);
      const at = known.get(key) ?? nests.push(call.loops) - 1;
      known.set(key, at);
      kernelOf.set(call, at);
    }
    this.nests = nests;
    this.#kernelOf = kernelOf;
  }

  /** Bytes of intermediate results. */
  get scratchBytes(): number {
    return scratchOf(this.schedule).sizes.reduce((sum, size) => sum + WORD * size, 0);
  }

  /** Whether an output may be where an input is. */
  overwrites(input: number, output: number): boolean {
    return overwrites(this.schedule, input, output);
  }

  /** Number of loops, each of which goes over its arrays once. */
  get loops(): number {
    return this.schedule.stages.flat().length;
  }

  /** Bytes that a run reads and writes. */
  get movedBytes(): number {
    return movedBytes(this.schedule);
  }

  /** Passes, loops and bytes, in words. */
  explain(): string {
    return (
      `${this.loops} fused loops (${this.nests.length} different) in ${this.schedule.stages.length} passes, ` +
      `${(this.movedBytes / 1e6).toPrecision(2)} MB read and written`
    );
  }

  /** Arguments at their addresses. `scratch` hands out room for intermediate results, as addresses. */
  bind(
    memory: KernelMemory,
    inputs: readonly number[],
    outputs: readonly number[],
    scratch: (bytes: number) => number = (bytes) => memory.allocate(bytes),
  ): readonly BoundStage[] {
    const { kernels, module, constants } = this.#load(memory);
    const { sizes, pieceOf } = scratchOf(this.schedule);
    const pieces = sizes.map((size) => scratch(WORD * size));
    const addresses = this.schedule.buffers.map(({ role }, buffer): number => {
      if (role.kind === "constant") return constants.get(buffer) ?? 0;
      if (role.kind === "scratch") return pieces[pieceOf.get(buffer) ?? 0] ?? 0;
      return (role.kind === "input" ? inputs : outputs)[role.position] ?? 0;
    });
    return this.schedule.stages.map((stage): BoundStage => {
      const calls = stage.map((call) => ({
        kernel: kernels[this.#kernelOf.get(call) ?? -1] ?? fail(),
        list: write(
          memory,
          call.buffers.map((buffer) => addresses[buffer] ?? 0),
        ),
        tiles: tileCount(call.loops),
      }));
      let first = 0;
      const rows = calls.map(({ list, tiles }, i) => {
        const row = [this.#kernelOf.get(stage[i] ?? fail()) ?? 0, list, first];
        first += tiles;
        return row;
      });
      if (rows.some((row) => row.length !== CALL_WORDS)) throw new Error("internal: a table of other rows");
      const elements = stage.reduce((sum, { loops }) => sum + effortOf(loops), 0);
      return { calls, tiles: first, elements, table: write(memory, rows.flat()), module };
    });
  }

  #load(memory: KernelMemory): Loaded {
    const known = this.#loaded.get(memory);
    if (known !== undefined) return known;
    const bytes = kernelModule(this.nests, memory.shared);
    const address = memory.allocate(bytes.length);
    new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
    const constants = new Map<number, number>();
    for (const [i, { role, type, size }] of this.schedule.buffers.entries()) {
      if (role.kind !== "constant") continue;
      const at = memory.allocate(WORD * size);
      const view =
        type === "float32"
          ? new Float32Array(memory.buffer, at, size)
          : new Int32Array(memory.buffer, at, size);
      for (let k = 0; k < size; k++)
        view[k] = type === "bool" ? -Number(role.elements[k] !== 0) : (role.elements[k] ?? 0);
      constants.set(i, at);
    }
    modules += 1;
    const loaded: Loaded = {
      kernels: kernelsOf(bytes, memory.memory),
      module: { address, bytes: bytes.length, number: modules },
      constants,
    };
    this.#loaded.set(memory, loaded);
    return loaded;
  }
}

/** JSON has neither infinities nor NaN nor −0. */
const numbersAsText = (_: string, value: unknown): unknown =>
  typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? `${Object.is(value, -0) ? "-0" : value}`
    : value;

/** Words in memory, and their address. */
function write(memory: KernelMemory, words: readonly number[]): number {
  const address = memory.allocate(WORD * words.length);
  new Int32Array(memory.buffer, address, words.length).set(words);
  return address;
}

function fail(): never {
  throw new Error("internal: a call without kernel");
}
