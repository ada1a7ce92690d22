import { choose } from "./match.ts";
import type { Rule } from "./rule.ts";

/**
 * x plus updates added into zeros is the updates added into x: the gradient of a table that is read by rows and also
 * multiplied with, as GPT-2's embedding. The zeros are as large as the table, and the runtime would keep them for good.
 */
export const scatterInto: Rule = ({ op, inputs, type }, { g, uses }) => {
  if (op !== "Add" || type.dtype !== "float32") return undefined;
  const found = choose(inputs, (t) => {
    const { op: scatter, inputs: parts = [], attributes } = t.node ?? {};
    const adds = scatter === "ScatterND" && attributes?.reduction === "add" && uses(t) === 1;
    return adds && parts[0]?.node?.op === "ConstantOfShape" ? parts : undefined;
  });
  const [, positions, updates] = found?.found ?? [];
  if (!found || !positions || !updates || String(found.other.shape) !== String(type.shape)) return undefined;
  return g.emit("ScatterND", [found.other, positions, updates], type, { reduction: "add" });
};
