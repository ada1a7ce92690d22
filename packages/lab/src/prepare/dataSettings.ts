import type { LoadOptions } from "@steepest/models/node";
import type { RunPlan } from "../plan/runPlan.ts";

/** What a plan says of how its data are read. */
export function dataSettings({ tokenizer, textColumn, imageSize }: RunPlan): LoadOptions {
  return {
    tokenizer,
    ...(textColumn !== undefined && { textColumn }),
    ...(imageSize !== undefined && { imageSize }),
  };
}
