import { type Node, scalarValue, type Tensor } from "../graph/graph.ts";
import { sameShape } from "../graph/shape.ts";
import { choose, inputsOf } from "./match.ts";
import type { Rewriter, Rule } from "./rule.ts";

/**
 * α times a product of two matrices plus β times a third is one Gemm: a step of Newton-Schulz is three of them and nothing
 * else. Not where the third is an input: an addition may write over it in place.
 */
export const gemmSum: Rule = ({ op, inputs, type }, { g, uses }) => {
  if (op !== "Add" || type.dtype !== "float32") return undefined;
  const found = choose(inputs, (t) => {
    const { factor, of } = scaled(t, uses);
    const fits = of.node?.op === "Gemm" && of.node.inputs.length === 2 && uses(of) === 1;
    return fits && sameShape(of.shape, type.shape) ? { node: of.node as Node, alpha: factor } : undefined;
  });
  if (!found) return undefined;
  const { factor: beta, of: third } = scaled(found.other, uses);
  if (third.input !== undefined || !sameShape(third.shape, type.shape)) return undefined;
  const { node, alpha } = found.found;
  const attributes = {
    ...node.attributes,
    ...(alpha !== 1 && { alpha: { float: alpha } }),
    ...(beta !== 1 && { beta: { float: beta } }),
  };
  return g.emit("Gemm", [...node.inputs, third], type, attributes);
};

/** A product with a number, which nothing else needs, as both; 1 for any other tensor. */
function scaled(tensor: Tensor, uses: Rewriter["uses"]): { readonly factor: number; readonly of: Tensor } {
  const found = uses(tensor) === 1 ? choose(inputsOf(tensor, "Mul") ?? [], scalarValue) : undefined;
  // The runtime leaves out what is multiplied by 0, which is not 0 where that is infinite.
  return found && found.found !== 0 ? { factor: found.found, of: found.other } : { factor: 1, of: tensor };
}
