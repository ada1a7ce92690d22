import { defineConfig } from "tsdown";

// File by file, so that a command loads only what it needs.
export default defineConfig({
  entry: ["src/index.ts", "src/start.ts", "src/cli.ts", "src/*/index.ts"],
  format: "esm",
  unbundle: true,
  root: "src",
  dts: true,
  sourcemap: true,
  platform: "node",
  fixedExtension: false,
  external: ["@steepest/bench"],
});
