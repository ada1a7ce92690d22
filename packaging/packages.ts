import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

export interface PublishedPackage {
  readonly name: string;
  readonly folder: string;
  /** `pages`: files for a browser to load, no modules to import. Default modules. */
  readonly holds?: "pages";
}

/** What is published, those first that others depend on. */
export const packages: readonly PublishedPackage[] = [
  { name: "steepest", folder: "packages/steepest" },
  { name: "@steepest/kernels", folder: "packages/kernels" },
  { name: "@steepest/onnx", folder: "packages/onnx" },
  { name: "@steepest/models", folder: "packages/models" },
  { name: "@steepest/window", folder: "packages/window", holds: "pages" },
  { name: "@steepest/lab", folder: "packages/lab" },
];
