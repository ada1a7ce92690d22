import { choice, integer } from "../../define/options.ts";
import type { TopPair } from "./rankOne.ts";

/** How Neon and F-Neon find the top singular pair. */
export const topPairOptions = {
  topPair: choice<TopPair>(
    "power",
    ["power", "lanczos", "svd"],
    "how u₁ and v₁ are found: power iteration from the last v, Lanczos, or exactly",
  ),
  steps: integer(2, 1, "steps of power iteration or Lanczos"),
};
