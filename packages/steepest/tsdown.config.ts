import { defineConfig } from "tsdown";

// File by file, so that a bundler keeps only what is used: `import { muon }` must not bring the other optimizers.
export default defineConfig({
  entry: [
    "src/index.ts",
    "src/node.ts",
    "src/core/schedules/index.ts",
    "src/{define,fisher,manifolds,matrix,monitors,norms,optimizers,steps,testing,theory,transforms,web}/index.ts",
  ],
  format: "esm",
  unbundle: true,
  root: "src",
  dts: true,
  sourcemap: true,
  platform: "neutral",
  deps: { neverBundle: [/^node:/] },
});
