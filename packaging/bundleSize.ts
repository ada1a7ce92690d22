import { gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";

/** What a page pays for one import, without jax-js, in bytes. */
export interface BundleSize {
  readonly minified: number;
  readonly gzipped: number;
}

/** Bundles `code` as a module of `folder`, whose node_modules it imports from; minified, then gzipped. */
export async function bundleSize(code: string, folder: string): Promise<BundleSize> {
  const entry = `${folder}/bundle-entry.js`;
  const virtual: Plugin = {
    name: "entry",
    enforce: "pre",
    resolveId: (id) => (id === entry ? id : undefined),
    load: (id) => (id === entry ? code : undefined),
  };
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    plugins: [virtual],
    build: {
      write: false,
      minify: true,
      target: "es2023",
      lib: { entry, formats: ["es"] },
      rolldownOptions: { external: [/^@jax-js\//], output: { minify: true } },
    },
  });
  const outputs = [result].flat().flatMap((part) => ("output" in part ? part.output : []));
  const text = outputs.map((part) => (part.type === "chunk" ? part.code : "")).join("");
  return { minified: Buffer.byteLength(text), gzipped: gzipSync(text, { level: 9 }).length };
}
