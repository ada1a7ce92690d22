import type { Graph, Tensor } from "../graph/graph.ts";
import type { OpenSize } from "./openSize.ts";

/** Where a symbol's size can be read: a dimension of an input. */
export type SizeSources = ReadonlyMap<string, { readonly input: string; readonly axis: number }>;

/** Nodes that compute with the sizes of inputs. */
export class SizeNodes {
  readonly #g: Graph;
  readonly #sources: SizeSources;

  constructor(g: Graph, sources: SizeSources) {
    this.#g = g;
    this.#sources = sources;
  }

  /** int64 [n]. In a reshape, one open size among numbers is -1, which says the same. */
  vector(values: readonly (number | OpenSize)[], inReshape: boolean): Tensor {
    const open = values.filter((value) => typeof value !== "number");
    if (inReshape && open.length === 1 && !values.includes(0))
      return this.#g.int64(values.map((value) => (typeof value === "number" ? value : -1)));
    const parts = values.map((value) =>
      typeof value === "number" ? this.#g.int64([value]) : this.#whole(value),
    );
    return this.#g.emit("Concat", parts, { dtype: "int64", shape: [values.length] }, { axis: 0 });
  }

  /** A float32 of the given shape, which has one element. */
  scalar({ factor, powers }: OpenSize, shape: readonly number[]): Tensor {
    const type = { dtype: "float32", shape: [1] } as const;
    let product = this.#g.constant("float32", [1], [factor]);
    for (const [name, power] of powers) {
      const size = this.#g.emit("Cast", [this.#size(name)], type, { to: 1 });
      product = this.#g.emit(power > 0 ? "Mul" : "Div", [product, size], type);
    }
    return this.#g.emit("Reshape", [product, this.#g.int64(shape)], { ...type, shape }, { allowzero: 1 });
  }

  #whole({ factor, powers, offset }: OpenSize): Tensor {
    const type = { dtype: "int64", shape: [1] } as const;
    let value = this.#g.int64([factor]);
    for (const [name, power] of powers)
      for (let i = 0; i < power; i++) value = this.#g.emit("Mul", [value, this.#size(name)], type);
    return offset === 0 ? value : this.#g.emit("Add", [value, this.#g.int64([offset])], type);
  }

  #size(name: string): Tensor {
    const source = this.#sources.get(name);
    const input = this.#g.inputs.find((tensor) => tensor.input === source?.input);
    if (source === undefined || input === undefined)
      throw new Error(`internal: no input has the size "${name}"`);
    const shape = this.#g.emit("Shape", [input], { dtype: "int64", shape: [input.shape.length] });
    return this.#g.emit(
      "Gather",
      [shape, this.#g.int64([source.axis])],
      { dtype: "int64", shape: [1] },
      { axis: 0 },
    );
  }
}
