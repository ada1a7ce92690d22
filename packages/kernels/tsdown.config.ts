import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  unbundle: true,
  root: "src",
  dts: true,
  sourcemap: true,
  platform: "neutral",
  deps: { neverBundle: [/^node:/] },
});
