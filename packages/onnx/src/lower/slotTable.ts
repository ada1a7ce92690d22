import { asDtype, type Dtype } from "../arrays/dtype.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import type { Var } from "../trace/jaxpr.ts";
import type { Slot } from "./program.ts";

/** The slots of a program, which its stages read and write by number. */
export class SlotTable {
  readonly #slots: Slot[] = [];
  readonly #slotOf = new Map<Var, number>();

  get all(): readonly Slot[] {
    return this.#slots;
  }

  /** The slot of a variable; one of that name, or of a similar one where it is taken, if it has none yet. */
  of(v: Var, name: string): number {
    const known = this.#slotOf.get(v);
    if (known !== undefined) return known;
    const slot = this.add(name, asDtype(v.aval.dtype), v.aval.shape);
    this.#slotOf.set(v, slot);
    return slot;
  }

  /** The slot of a variable, if it has one. */
  known(v: Var): number | undefined {
    return this.#slotOf.get(v);
  }

  /** A slot that belongs to no variable. */
  add(name: string, dtype: Dtype, shape: readonly number[]): number {
    let unique = name;
    for (let n = 2; this.#slots.some((slot) => slot.name === unique); n++) unique = `${name}_${n}`;
    return this.#slots.push({ name: unique, dtype, shape: [...shape] }) - 1;
  }

  /** The number of the slot of that name, −1 if there is none. */
  named(wanted: string | undefined): number {
    return this.#slots.findIndex(({ name }) => name === wanted);
  }

  nameOf(slot: number): string {
    return this.#slots[slot]?.name ?? "";
  }

  /** A slot as an input of a graph, made where the graph has it not yet. */
  input(g: Graph, slot: number): Tensor {
    const { name, dtype, shape } = this.#slots[slot] as Slot;
    return g.inputs.find(({ input }) => input === name) ?? g.input(name, dtype, shape);
  }
}
