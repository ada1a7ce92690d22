import type { AnyModel } from "@steepest/models";
import type { ExportedTensor } from "./exportDescription.ts";

/** What a training step is fed: names, types and shapes of a batch of so many examples. */
export function batchInputs(
  model: AnyModel,
  batch: number,
): (ExportedTensor & { dtype: "float32" | "int32" })[] {
  switch (model.kind) {
    case "language": {
      const shape = [batch, model.context];
      return ["tokens", "targets"].map((name) => ({ name, dtype: "int32", shape }));
    }
    case "image":
      return [
        { name: "images", dtype: "float32", shape: [batch, ...model.imageShape] },
        { name: "labels", dtype: "int32", shape: [batch] },
      ];
    case "problem":
      return [];
  }
}
