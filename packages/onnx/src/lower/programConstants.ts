import type { Array as JaxArray } from "@jax-js/jax";
import { expectReadable } from "../arrays/boundary.ts";
import { asDtype } from "../arrays/dtype.ts";
import type { ConstantData, Graph } from "../graph/graph.ts";
import { literal, type View, viewOf } from "../graph/view.ts";
import type { Var } from "../trace/jaxpr.ts";

/** What a traced function holds on to, by variable, and of that what its graphs carry as weights. */
export class ProgramConstants {
  readonly arrays = new Map<Var, JaxArray>();
  readonly weights = new Map<ConstantData, JaxArray>();

  /** A constant in a graph. Arrays of zeros and the like are one number, repeated. */
  view(g: Graph, array: JaxArray): View {
    const dtype = asDtype(array.dtype);
    expectReadable(dtype);
    const data = array.ref.dataSync();
    const [first = 0] = data;
    if (data.every((value: number) => Object.is(value, first))) return literal(g, dtype, first, array.shape);
    this.weights.set(data, array);
    return viewOf(g, g.constant(dtype, array.shape, data), dtype);
  }
}
