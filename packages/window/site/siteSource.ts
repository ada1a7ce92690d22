import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root of the repository, which the site is made of. */
export const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** A Markdown file that becomes a page. */
export interface SiteSource {
  /** Its path in the repository, which its links start from; of pages made from types, `api/…`. */
  readonly path: string;
  /** Its page, below `/docs/`. */
  readonly address: string;
  readonly markdown: string;
}

const packages = ["steepest", "models", "kernels", "onnx", "lab", "window"];
const single: readonly (readonly [path: string, address: string])[] = [
  ["README.md", "index.html"],
  ["CONTRIBUTING.md", "contributing.html"],
  ["CHANGELOG.md", "changelog.html"],
  ["examples/README.md", "examples/index.html"],
  ...["vite", "import-map", "node"].map(
    (name) => [`examples/${name}/README.md`, `examples/${name}.html`] as const,
  ),
  ...packages.map((name) => [`packages/${name}/README.md`, `packages/${name}.html`] as const),
];

/** The Markdown of the repository that is on the site: README, docs, READMEs of packages, contributing and changes. */
export function writtenSources(): SiteSource[] {
  const docs = readdirSync(`${repository}docs`, { recursive: true, encoding: "utf8" })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md"))
    .sort();
  return [...single, ...docs.map((path) => [path, addressOf(path)] as const)].map(([path, address]) => ({
    path,
    address,
    markdown: readFileSync(`${repository}${path}`, "utf8"),
  }));
}

const addressOf = (path: string): string =>
  path
    .replace(/^docs\//, "")
    .replace(/README\.md$/, "index.md")
    .replace(/\.md$/, ".html");
