import { defineConfig } from "tsdown";

// File by file: both entries share one DataError class, and a page takes along only the models it uses.
export default defineConfig({
  entry: ["src/index.ts", "src/node.ts"],
  format: "esm",
  unbundle: true,
  root: "src",
  dts: true,
  sourcemap: true,
  platform: "neutral",
  deps: { neverBundle: [/^node:/] },
});
