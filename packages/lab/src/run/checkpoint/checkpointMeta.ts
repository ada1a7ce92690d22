import { sha256 } from "@steepest/models/node";
import * as v from "valibot";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const file = v.strictObject({ bytes: count, sha256: v.string() });

const schema = v.strictObject({
  format: v.literal(1),
  /** Updates made. */
  step: count,
  /** Training time until then. */
  seconds: v.number(),
  /** Tokens seen. */
  tokens: count,
  files: v.strictObject({
    "params.safetensors": file,
    "optimizer.safetensors": file,
    /** Of models with batch norm. */
    "statistics.safetensors": v.exactOptional(file),
  }),
});

/** What a checkpoint says about itself. */
export type CheckpointMeta = v.InferOutput<typeof schema>;

/** `meta.json`: the JSON of the fields, and last a checksum of exactly that JSON. */
export function encodeMeta(meta: CheckpointMeta): string {
  return JSON.stringify({ ...meta, sha256: sha256(JSON.stringify(meta)) });
}

/** Undefined unless the text is, byte for byte, what `encodeMeta` writes. */
export function decodeMeta(text: string): CheckpointMeta | undefined {
  try {
    const { sha256: _, ...fields } = JSON.parse(text) as Record<string, unknown>;
    const meta = v.parse(schema, fields);
    return encodeMeta(meta) === text ? meta : undefined;
  } catch {
    return undefined;
  }
}
