import { isFloat } from "../arrays/dtype.ts";
import type { Graph } from "../graph/graph.ts";
import { literal, literalValue, type View } from "../graph/view.ts";
import { castView, elementwise, promoted } from "./elementwise.ts";
import { type Lowering, type ResultType, resultType } from "./lowering.ts";

/** Where the divisor is 0, 1: an integer division by zero ends the process, where jax-js merely traps. */
function guarded(g: Graph, divisor: View): View {
  const known = literalValue(divisor);
  if (known !== undefined && known !== 0) return divisor;
  const zero = literal(g, divisor.dtype, 0, divisor.shape);
  const isZero = elementwise(g, { op: "Equal", through: "int64" }, [divisor, zero], {
    shape: divisor.shape,
    dtype: "bool",
  });
  const one = literal(g, divisor.dtype, 1, divisor.shape);
  return elementwise(g, { op: "Where" }, [isZero, one, divisor], divisor);
}

/** Towards zero, also for floats: `trunc(x / y)`. */
function truncate(g: Graph, x: View): View {
  const negative = elementwise(g, { op: "Less" }, [x, literal(g, x.dtype, 0)], {
    shape: x.shape,
    dtype: "bool",
  });
  const down = elementwise(g, { op: "Floor" }, [x], x);
  const up = elementwise(g, { op: "Ceil" }, [x], x);
  return elementwise(g, { op: "Where" }, [negative, up, down], x);
}

function divide(g: Graph, x: View, y: View, result: ResultType): View {
  if (isFloat(result.dtype)) return truncate(g, elementwise(g, { op: "Div" }, [x, y], result));
  // int64, because the smallest int32 divided by -1 does not fit and ends the process too.
  return elementwise(g, { op: "Div", through: "int64" }, [x, signedGuard(g, y)], result);
}

/** Guards against zero in a signed dtype, since `Where` has no uint32 kernel. */
function signedGuard(g: Graph, y: View): View {
  return y.dtype === "uint32" ? castView(g, guarded(g, castView(g, y, "int32")), "uint32") : guarded(g, y);
}

export const idiv: Lowering<"idiv"> = (site) => {
  const result = resultType(site);
  const [x, y] = promoted(site.g, site.inputs, result);
  if (x === undefined || y === undefined) throw new Error("internal: idiv needs two operands");
  return [divide(site.g, x, y, result)];
};

/** With the sign of the numerator, as in C and JavaScript. Floats as jax-js: x - trunc(x / y) y. */
export const mod: Lowering<"mod"> = (site) => {
  const { g } = site;
  const result = resultType(site);
  const [x, y] = promoted(g, site.inputs, result);
  if (x === undefined || y === undefined) throw new Error("internal: mod needs two operands");
  if (!isFloat(result.dtype))
    return [
      elementwise(
        g,
        { op: "Mod", attributes: { fmod: 1 }, through: "int64" },
        [x, signedGuard(g, y)],
        result,
      ),
    ];
  const whole = elementwise(g, { op: "Mul" }, [divide(g, x, y, result), y], result);
  return [elementwise(g, { op: "Sub" }, [x, whole], result)];
};
