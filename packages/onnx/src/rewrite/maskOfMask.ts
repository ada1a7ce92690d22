import { type Graph, scalarValue, type Tensor } from "../graph/graph.ts";
import { reshapeTensor } from "../graph/layout.ts";
import { sameShape } from "../graph/shape.ts";
import { inputsOf } from "./match.ts";
import type { Rule } from "./rule.ts";

/** where(condition, x, 0), or where(condition, 0, x) if x is not kept where the condition holds. */
interface Masked {
  readonly condition: Tensor;
  readonly x: Tensor;
  readonly keeps: boolean;
}

function maskedOf([condition, yes, no]: readonly Tensor[]): Masked | undefined {
  if (!condition || !yes || !no) return undefined;
  if (scalarValue(no) === 0) return { condition, x: yes, keeps: true };
  return scalarValue(yes) === 0 ? { condition, x: no, keeps: false } : undefined;
}

/**
 * A mask of a masked array that nothing else needs is one mask: the gradient of ReLU after that of a window's maximum. What
 * is logic costs a twentieth of a `Where`.
 */
export const maskOfMask: Rule = ({ op, inputs, type }, { g, uses }) => {
  const outer = op === "Where" && type.dtype === "float32" ? maskedOf(inputs) : undefined;
  if (!outer || !sameShape(outer.condition.shape, type.shape) || uses(outer.x) > 1) return undefined;
  const reshaped = inputsOf(outer.x, "Reshape")?.[0];
  const source = reshaped ?? outer.x;
  const inner = maskedOf(inputsOf(source, "Where") ?? []);
  if (!inner || uses(source) > 1 || !sameShape(outer.x.shape, type.shape)) return undefined;
  if (!sameShape(inner.condition.shape, source.shape)) return undefined;
  // In the shape of the inner one: its x may be small and broadcast.
  const condition = reshapeTensor(g, outer.condition, source.shape);
  const like = { dtype: "bool", shape: source.shape } as const;
  if (outer.keeps && inner.keeps) {
    const both = g.emit("And", [condition, inner.condition], like);
    return reshapeTensor(g, g.emit("Where", [both, inner.x, g.scalar("float32", 0)], source), type.shape);
  }
  const hidden = [hides(g, outer, condition), hides(g, inner, inner.condition)];
  const either = g.emit("Or", hidden, like);
  return reshapeTensor(g, g.emit("Where", [either, g.scalar("float32", 0), inner.x], source), type.shape);
};

/** Where a mask gives 0. */
function hides(g: Graph, { keeps }: Masked, condition: Tensor): Tensor {
  if (!keeps) return condition;
  return inputsOf(condition, "Not")?.[0] ?? g.emit("Not", [condition], condition);
}
