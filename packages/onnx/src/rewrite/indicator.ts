import { scalarValue } from "../graph/graph.ts";
import { sameShape } from "../graph/shape.ts";
import { inputsOf } from "./match.ts";
import type { Rule } from "./rule.ts";

/**
 * where(c, 1, 0) is c as a number, and where(c, 0, 1) its opposite: a cast is a fraction of a `Where`. A `Where` of anything
 * else stays, even of 0 and x, although x times a number would be faster: it hides an infinite x, and a product does not.
 */
export const indicator: Rule = ({ op, inputs, type }, { g }) => {
  const [condition, yes, no] = inputs;
  if (op !== "Where" || !condition || !yes || !no || type.dtype !== "float32") return undefined;
  const values = [scalarValue(yes), scalarValue(no)];
  const kept = values[0] === 1 && values[1] === 0;
  if (!kept && !(values[0] === 0 && values[1] === 1)) return undefined;
  const { shape } = condition;
  if (!sameShape(shape, type.shape)) return undefined;
  const opposite = () =>
    inputsOf(condition, "Not")?.[0] ?? g.emit("Not", [condition], { dtype: "bool", shape });
  return g.emit("Cast", [kept ? condition : opposite()], { dtype: "float32", shape }, { to: 1 });
};
