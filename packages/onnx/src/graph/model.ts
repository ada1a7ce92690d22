import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { dtypeFacts, type TensorDtype } from "../arrays/dtype.ts";
import { encode } from "./encode.ts";
import type { Attribute, ConstantData, Graph, Node, Tensor } from "./graph.ts";
import type { Shape } from "./shape.ts";

/** First opset that has an operator, where that is later than the oldest one we write. */
const SINCE: Readonly<Record<string, number>> = {
  BitwiseAnd: 18,
  BitwiseOr: 18,
  BitwiseXor: 18,
  Gelu: 20,
  RMSNormalization: 23,
  BitCast: 26,
};
const OLDEST_OPSET = 17;
/** The file format that came with an opset; older readers refuse newer ones. */
const irVersion = (opset: number): bigint =>
  opset <= 18 ? 8n : opset <= 20 ? 9n : opset <= 22 ? 10n : opset <= 23 ? 11n : opset <= 24 ? 12n : 13n;

/** Reductions that took their axes as an attribute before opset 18. */
const AXES_MOVED_AT_18: ReadonlySet<string> = new Set([
  "ReduceMax",
  "ReduceMin",
  "ReduceProd",
  "ReduceSumSquare",
]);

export interface ModelOptions {
  /** The nodes the outputs need, in the order they are written. Default: sorted topologically. */
  readonly nodes?: readonly Node[];
  readonly name?: string;
  readonly producerVersion?: string;
  /** Names of constants by their elements; others are numbered. */
  readonly weightNames?: ReadonlyMap<ConstantData, string>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Dimensions of inputs and outputs that are not numbers but names. */
  readonly dims?: ReadonlyMap<Tensor, readonly (number | string)[]> | undefined;
  /** Constants of at least this many bytes are left out of the model and reported here. */
  readonly external?: { readonly fromBytes: number; readonly file: string; add(bytes: Uint8Array): number };
}

/** The graph as the bytes of an ONNX model, in the oldest opset (from 17) that has all its operators. */
export function toModel(graph: Graph, options: ModelOptions = {}): Uint8Array {
  const nodes = options.nodes ?? graph.liveNodes();
  const opset = nodes.reduce((v, { op }) => Math.max(v, SINCE[op] ?? 0), OLDEST_OPSET);
  const names = new Map<Tensor, string>();
  const identities: { from: Tensor; to: string }[] = [];
  for (const tensor of graph.inputs) names.set(tensor, tensor.input ?? "");
  for (const { name, tensor } of graph.outputs) {
    if (tensor.node === undefined || names.has(tensor)) identities.push({ from: tensor, to: name });
    else names.set(tensor, name);
  }
  const taken = new Set(names.values());
  const initializers = new Map<Tensor, TensorProto>();
  const nameOf = (tensor: Tensor): string => {
    let name = names.get(tensor);
    if (name === undefined) {
      const given = tensor.constant && options.weightNames?.get(tensor.constant);
      const plain = tensor.constant
        ? "constant"
        : operatorName(tensor.node?.op ?? "value").opType.toLowerCase();
      name = given !== undefined && !taken.has(given) ? given : `${given ?? plain}_${tensor.id}`;
      taken.add(name);
      names.set(tensor, name);
    }
    if (tensor.constant && !initializers.has(tensor))
      initializers.set(tensor, tensorProto(name, tensor, tensor.constant, options.external));
    return name;
  };
  const protos = nodes.map((node, i) => nodeProto(node, i, opset, nameOf));
  for (const { from, to } of identities)
    protos.push(
      create(NodeProtoSchema, {
        opType: "Identity",
        name: `identity_${to}`,
        input: [nameOf(from)],
        output: [to],
      }),
    );
  const model = create(ModelProtoSchema, {
    irVersion: irVersion(opset),
    producerName: "@steepest/onnx",
    producerVersion: options.producerVersion ?? "",
    opsetImport: [
      { domain: "", version: BigInt(opset) },
      ...domainsOf(nodes).map((domain) => ({ domain, version: 1n })),
    ],
    graph: create(GraphProtoSchema, {
      name: options.name ?? "jaxpr",
      node: protos,
      initializer: [...initializers.values()],
      input: graph.inputs.map((tensor) => valueInfo(tensor.input ?? "", tensor, options.dims?.get(tensor))),
      output: graph.outputs.map(({ name, tensor }) => valueInfo(name, tensor, options.dims?.get(tensor))),
    }),
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
  });
  return toBinary(ModelProtoSchema, model);
}

function nodeProto(node: Node, i: number, opset: number, nameOf: (tensor: Tensor) => string) {
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
function operatorName(op: string): { domain: string; opType: string } {
  const dot = op.lastIndexOf(".");
  return { domain: op.slice(0, Math.max(0, dot)), opType: op.slice(dot + 1) };
}

/** The domains besides ONNX's own. */
const domainsOf = (nodes: readonly Node[]): string[] =>
  [...new Set(nodes.map(({ op }) => operatorName(op).domain))].filter((domain) => domain !== "");

function attributeProto(name: string, value: Attribute) {
  if (typeof value === "number")
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === "string") {
    if (value.startsWith("zero ")) {
      const dtype = value.slice(5) as TensorDtype;
      const t = tensorProto("", { dtype, shape: [1] }, [0]);
      return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t });
    }
    const s = new Uint8Array(Buffer.from(value));
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
  }
  if ("float" in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function tensorProto(
  name: string,
  { dtype, shape }: { readonly dtype: TensorDtype; readonly shape: Shape },
  data: ConstantData,
  external?: ModelOptions["external"],
): TensorProto {
  const bytes = encode(dtype, data);
  const type = { name, dataType: dtypeFacts[dtype].onnx, dims: shape.map(BigInt) };
  if (external === undefined || bytes.byteLength < external.fromBytes)
    return create(TensorProtoSchema, { ...type, rawData: bytes });
  const entries = {
    location: external.file,
    offset: String(external.add(bytes)),
    length: String(bytes.length),
  };
  return create(TensorProtoSchema, {
    ...type,
    dataLocation: 1,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });
}

function valueInfo(name: string, { dtype, shape }: Tensor, dims: readonly (number | string)[] = shape) {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: "tensorType",
        value: {
          elemType: dtypeFacts[dtype].onnx,
          shape: {
            dim: dims.map((n) => ({
              value:
                typeof n === "string"
                  ? { case: "dimParam" as const, value: n }
                  : { case: "dimValue" as const, value: BigInt(n) },
            })),
          },
        },
      },
    },
  });
}
