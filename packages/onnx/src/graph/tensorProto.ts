import { create } from "@bufbuild/protobuf";
import { type TensorProto, TensorProtoSchema } from "onnx-buf";
import { dtypeFacts, type TensorDtype } from "../arrays/dtype.ts";
import { encode } from "./encode.ts";
import type { ConstantData } from "./graph.ts";
import type { Shape } from "./shape.ts";

/** Where large constants go instead of the model. */
export interface ExternalData {
  readonly fromBytes: number;
  readonly file: string;
  /** Stores bytes and returns their position in the file. */
  add(bytes: Uint8Array): number;
}

/** A constant as the format has it, its elements inside or in a file beside the model. */
export function tensorProto(
  name: string,
  { dtype, shape }: { readonly dtype: TensorDtype; readonly shape: Shape },
  data: ConstantData,
  external?: ExternalData,
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
