import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type TensorProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { dtypeFacts } from "../arrays/dtype.ts";
import type { ConstantData, Graph, Node, Tensor } from "./graph.ts";
import { nodeProto, operatorName } from "./nodeProto.ts";
import { type ExternalData, tensorProto } from "./tensorProto.ts";

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
  readonly external?: ExternalData;
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

/** The domains besides ONNX's own. */
const domainsOf = (nodes: readonly Node[]): string[] =>
  [...new Set(nodes.map(({ op }) => operatorName(op).domain))].filter((domain) => domain !== "");
