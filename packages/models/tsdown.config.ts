import { defineConfig } from "tsdown";

// One build for both entries, so that they share one DataError class.
export default defineConfig({
  entry: ["src/index.ts", "src/node.ts"],
  format: "esm",
  dts: true,
  platform: "neutral",
  deps: { neverBundle: [/^node:/] },
});
