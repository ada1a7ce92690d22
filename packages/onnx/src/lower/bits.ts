import { type Dtype, dtypeFacts } from "../arrays/dtype.ts";
import type { Graph } from "../graph/graph.ts";
import { range, sizeOf } from "../graph/shape.ts";
import { literal, type View, viewOf } from "../graph/view.ts";
import { castView, elementwise, promoted } from "./elementwise.ts";
import { type Lowering, operand, type ResultType, resultType } from "./lowering.ts";

/** The same bits under another dtype of the same width. */
function reinterpret(g: Graph, view: View, dtype: Dtype): View {
  if (view.dtype === dtype) return view;
  const { tensor } = view;
  return {
    ...view,
    dtype,
    tensor: g.emit("BitCast", [tensor], { dtype, shape: tensor.shape }, { to: dtypeFacts[dtype].onnx }),
  };
}

const COMBINE = {
  and: { bits: "BitwiseAnd", bool: "And" },
  or: { bits: "BitwiseOr", bool: "Or" },
  xor: { bits: "BitwiseXor", bool: "Xor" },
} as const;

const bitCombine: Lowering<"bit_combine"> = (site) => {
  const result = resultType(site);
  const { bits, bool } = COMBINE[site.params.op];
  const views = promoted(site.g, site.inputs, result);
  return [elementwise(site.g, { op: result.dtype === "bool" ? bool : bits }, views, result)];
};

/** `BitShift` exists for unsigned integers only; jax-js shifts int32 without sign too. */
function shift(g: Graph, x: View, by: View, direction: "shl" | "shr", result: ResultType): View {
  const views = [reinterpret(g, x, "uint32"), reinterpret(g, by, "uint32")];
  const attributes = { direction: direction === "shl" ? "LEFT" : "RIGHT" };
  const shifted = elementwise(g, { op: "BitShift", attributes }, views, { ...result, dtype: "uint32" });
  return reinterpret(g, shifted, result.dtype);
}

const bitShift: Lowering<"bit_shift"> = (site) => [
  shift(site.g, operand(site, 0), operand(site, 1), site.params.op, resultType(site)),
];

/** Adding up neighbouring fields of 1, 2, 4, ... bits (the classic population count). */
const bitCount: Lowering<"bit_count"> = (site) => {
  const { g } = site;
  const { shape } = operand(site, 0);
  const type: ResultType = { shape, dtype: "uint32" };
  let x = reinterpret(g, operand(site, 0), "uint32");
  const num = (value: number): View => literal(g, "uint32", value, shape);
  const and = (v: View, mask: number): View => elementwise(g, { op: "BitwiseAnd" }, [v, num(mask)], type);
  const sum = (a: View, b: View): View =>
    reinterpret(
      g,
      elementwise(g, { op: "Add" }, [reinterpret(g, a, "int32"), reinterpret(g, b, "int32")], {
        shape,
        dtype: "int32",
      }),
      "uint32",
    );
  const fields: [bits: number, mask: number][] = [
    [1, 0x55555555],
    [2, 0x33333333],
    [4, 0x0f0f0f0f],
    [8, 0x00ff00ff],
    [16, 0x0000ffff],
  ];
  for (const [bits, mask] of fields) x = sum(and(x, mask), and(shift(g, x, num(bits), "shr", type), mask));
  return [castView(g, x, "int32")];
};

const bitcast: Lowering<"bitcast"> = (site) => [reinterpret(site.g, operand(site, 0), site.params.dtype)];

/**
 * Threefry-2x32 with 20 rounds on the counters (0, 0), (0, 1), ...: jax-js's generator, bit for bit.
 * Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */
const randomBits: Lowering<"random_bits"> = (site) => {
  const { g } = site;
  const result = resultType(site);
  const keyRank = operand(site, 0).shape.length;
  const generated = result.shape.slice(keyRank);
  const signed: ResultType = { shape: result.shape, dtype: "int32" };
  const stretch = (key: View): View => ({
    ...reinterpret(g, key, "int32"),
    shape: result.shape,
    axes: [...key.axes, ...generated.map(() => null)],
  });
  const int = (value: number): View => literal(g, "int32", value | 0, result.shape);
  const counters = Int32Array.from(range(sizeOf(generated)));
  const counter = viewOf(g, g.constant("int32", generated, counters), "int32");
  const combine = (op: string, a: View, b: View): View => elementwise(g, { op }, [a, b], signed);
  const rotate = (x: View, by: number): View =>
    combine("BitwiseOr", shift(g, x, int(by), "shl", signed), shift(g, x, int(32 - by), "shr", signed));

  const [k0, k1] = [stretch(operand(site, 0)), stretch(operand(site, 1))];
  const PARITY = 0x1bd11bda;
  const keys = [k0, k1, combine("BitwiseXor", combine("BitwiseXor", k0, k1), int(PARITY))];
  const key = (i: number): View => keys[i % 3] ?? k0;
  const rotations = [
    [13, 15, 26, 6],
    [17, 29, 16, 24],
  ];
  let x0 = k0;
  let x1 = combine("Add", { ...counter, shape: result.shape, axes: lead(keyRank, counter) }, k1);
  for (const round of range(5)) {
    for (const by of rotations[round % 2] ?? []) {
      x0 = combine("Add", x0, x1);
      x1 = combine("BitwiseXor", rotate(x1, by), x0);
    }
    x0 = combine("Add", x0, key(round + 1));
    x1 = combine("Add", combine("Add", x1, key(round + 2)), int(round + 1));
  }
  const { mode } = site.params;
  const chosen = mode === "xor" ? combine("BitwiseXor", x0, x1) : mode === 0 ? x0 : x1;
  return [reinterpret(g, chosen, "uint32")];
};

const lead = (count: number, view: View): (number | null)[] => [
  ...range(count).map(() => null),
  ...view.axes,
];

export const bits = {
  bit_combine: bitCombine,
  bit_shift: bitShift,
  bit_count: bitCount,
  bitcast,
  random_bits: randomBits,
};
