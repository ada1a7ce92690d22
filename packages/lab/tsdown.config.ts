import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts", "src/start.ts", "src/cli.ts", "src/*/index.ts"],
  format: "esm",
  dts: true,
  platform: "node",
  fixedExtension: false,
  external: ["@steepest/bench"],
});
