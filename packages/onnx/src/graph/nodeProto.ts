import { create } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  NodeProtoSchema,
} from "onnx-buf";
import type { TensorDtype } from "../arrays/dtype.ts";
import type { Attribute, Node, Tensor } from "./graph.ts";
import { tensorProto } from "./tensorProto.ts";

/** Reductions that took their axes as an attribute before opset 18. */
const AXES_MOVED_AT_18: ReadonlySet<string> = new Set([
  "ReduceMax",
  "ReduceMin",
  "ReduceProd",
  "ReduceSumSquare",
]);

/** A node as the format of an opset has it. */
export function nodeProto(node: Node, i: number, opset: number, nameOf: (tensor: Tensor) => string) {
  const inputs = [...node.inputs];
  const attributes: Record<string, Attribute> = { ...node.attributes };
  if (opset < 18 && AXES_MOVED_AT_18.has(node.op)) {
    const axes = inputs.pop();
    attributes.axes = Array.from(axes?.constant ?? []);
  }
  if (node.op === "DFT" && opset >= 20) {
    delete attributes.axis;
    const axis = { id: -1, dtype: "int64", shape: [], constant: [1] } as const satisfies Tensor;
    const input = [nameOf(inputs[0] as Tensor), "", nameOf(axis)];
    return build(input);
  }
  return build(inputs.map(nameOf));

  function build(input: string[]) {
    return create(NodeProtoSchema, {
      ...operatorName(node.op),
      name: `${node.op}_${i}${node.equation >= 0 ? `_equation_${node.equation}` : ""}`,
      input,
      output: node.outputs.map(nameOf),
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    });
  }
}

/** `Conv`, or `com.microsoft.nchwc.Conv` for an operator of another domain. */
export function operatorName(op: string): { domain: string; opType: string } {
  const dot = op.lastIndexOf(".");
  return { domain: op.slice(0, Math.max(0, dot)), opType: op.slice(dot + 1) };
}

function attributeProto(name: string, value: Attribute) {
  if (typeof value === "number")
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === "string") {
    if (value.startsWith("zero ")) {
      const dtype = value.slice(5) as TensorDtype;
      const t = tensorProto("", { dtype, shape: [1] }, [0]);
      return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t });
    }
    const s = Uint8Array.from(new TextEncoder().encode(value));
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
  }
  if ("float" in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}
