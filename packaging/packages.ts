import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** What is published, those first that others depend on. */
export const packages = [
  { name: "steepest", folder: "packages/steepest" },
  { name: "@steepest/kernels", folder: "packages/kernels" },
  { name: "@steepest/onnx", folder: "packages/onnx" },
  { name: "@steepest/models", folder: "packages/models" },
  { name: "@steepest/lab", folder: "packages/lab" },
] as const;
