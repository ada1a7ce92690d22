import { tree } from "@jax-js/jax";
import { type LeafSpec, Spec } from "../arrays/argumentTree.ts";
import { checksum } from "../arrays/checksum.ts";
import { inOrderOf } from "../arrays/inOrderOf.ts";
import { sameSpecs } from "../arrays/sameSpecs.ts";
import { lower } from "../lower/lower.ts";
import type { ResultOrder } from "../lower/placeEquations.ts";
import type { Program } from "../lower/program.ts";
import { Executable } from "../run/executable.ts";
import type { KernelHost } from "../run/kernelHost.ts";
import type { SessionOptions } from "../runtime/session.ts";
import { targetOf } from "../runtime/target.ts";
import { type AnyFunction, type Traced, trace } from "../trace/trace.ts";
import { type Overwriting, overwritable } from "./overwritable.ts";

/** One computation of a step. Phases with the same equations share it. */
export interface StepPhase {
  readonly id: number;
  readonly executable: Executable;
  /** New state, then what is reported. */
  readonly outputs: readonly LeafSpec[];
  readonly overwriting: Overwriting;
}

/** The structure of a tree and what its leaves are. */
export interface TreeSpec {
  readonly structure: tree.JsTreeDef;
  readonly specs: readonly LeafSpec[];
}

/** The compiled phases of a step, each traced when it is first asked for. */
export class StepPhases {
  readonly #fn: AnyFunction;
  readonly #state: TreeSpec;
  readonly #batch: TreeSpec;
  readonly #options: SessionOptions;
  readonly #host: KernelHost | undefined;
  readonly #phases = new Map<number, StepPhase>();
  readonly #compiled = new Map<string, StepPhase>();

  /** `fn`: state, batch and phase to [state, outputs] or [state, outputs, before]. `host`: for updates as loops. */
  constructor(
    fn: AnyFunction,
    state: TreeSpec,
    batch: TreeSpec,
    options: SessionOptions,
    host: KernelHost | undefined,
  ) {
    this.#host = host;
    this.#fn = fn;
    this.#state = state;
    this.#batch = batch;
    this.#options = options;
  }

  /** Throws `ArgumentError` where the new state does not look like the old one. */
  at(phase: number): StepPhase {
    const known = this.#phases.get(phase);
    if (known !== undefined) return known;
    const given = placeholders(this.#state);
    const traced = trace(
      (state: unknown, batch: unknown) => {
        const [next, ...rest] = this.#fn(state, batch, phase) as unknown[];
        return [inOrderOf(given, next), ...rest];
      },
      [given, placeholders(this.#batch)],
    );
    const part = (position: number): LeafSpec[] =>
      traced.outputs.filter(({ path }) => path === `${position}` || path.startsWith(`${position}.`));
    const [after, reported] = [part(0), part(1)];
    const next = after.map((spec) => ({ ...spec, path: spec.path.slice(2) }));
    sameSpecs("the new state", this.#state.specs, next);
    // Phases with the same equations and constants share a session: most of a period often does.
    const ordered = traced.outputTree.childTreedefs.length === 3;
    const key = `${traced.jaxpr.getHash()} ${ordered} ${traced.constants.map((c) => checksum(c))}`;
    let found = this.#compiled.get(key);
    if (found === undefined) {
      const carried = this.#state.specs.length;
      const { device = "cpu" } = this.#options;
      // Elsewhere than on the CPU what one stage hands to the next would be copied to the device and back.
      const order =
        ordered && device === "cpu" ? { late: carried, kept: carried + reported.length } : undefined;
      const program = this.#lower(traced, order);
      found = {
        id: this.#compiled.size,
        executable: new Executable(program, { shareMemory: true, ...this.#options }),
        outputs: [...after, ...reported],
        overwriting: overwritable(program, carried),
      };
      this.#compiled.set(key, found);
    }
    for (const constant of traced.constants) constant.dispose();
    this.#phases.set(phase, found);
    return found;
  }

  #lower(traced: Traced, order: ResultOrder | undefined): Program {
    const target = targetOf(this.#options.device);
    if (order === undefined || this.#host === undefined) return lower(traced, target, order);
    const program = lower(traced, target, { ...order, fused: true });
    const there = new Set(program.inputs.slice(0, order.late));
    for (const leaf of overwritable(program, order.late).leaves) there.add(program.outputs[leaf] ?? -1);
    return this.#host.hasRoomFor(program, there) ? program : lower(traced, target, order);
  }

  endProfiling(): string[] {
    return [...this.#compiled.values()].flatMap(({ executable }) => executable.endProfiling());
  }

  dispose(): void {
    for (const { executable } of this.#compiled.values()) executable.dispose();
    this.#compiled.clear();
    this.#phases.clear();
  }
}

function placeholders({ specs, structure }: TreeSpec): unknown {
  return tree.unflatten(
    structure,
    specs.map((s) => new Spec(s.shape, s.dtype, s.weakType)),
  );
}
