import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

import { docsSite } from "./site/docsSite.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The app and the docs as static files. Packages of the workspace are taken from their sources, so that no build comes before this one. */
export default defineConfig({
  root: at("."),
  logLevel: "error",
  resolve: {
    alias: [
      { find: /^steepest$/, replacement: at("../steepest/src/index.ts") },
      { find: /^steepest\/schedules$/, replacement: at("../steepest/src/core/schedules/index.ts") },
      { find: /^steepest\/catalog$/, replacement: at("../steepest/src/catalog.ts") },
      { find: /^steepest\/(\w+)$/, replacement: at("../steepest/src/$1/index.ts") },
      { find: /^@steepest\/kernels$/, replacement: at("../kernels/src/index.ts") },
      { find: /^@steepest\/onnx\/export$/, replacement: at("../onnx/src/export/exportOnnxBytes.ts") },
      { find: /^@steepest\/models$/, replacement: at("../models/src/index.ts") },
    ],
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  plugins: [docsSite()],
  build: {
    rolldownOptions: { input: [at("index.html"), at("docs.html")] },
    target: "es2023",
    sourcemap: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the content-security policy allows no data: scripts or styles
    chunkSizeWarningLimit: 2000,
  },
});
