import type { Plugin } from "vite";

import { readSite, siteFiles } from "./buildSite.ts";

/** Vite: emits the docs as static pages below `docs/`, framed by `docs.html` with its scripts and styles. */
export function docsSite(): Plugin {
  return {
    name: "docs-site",
    apply: "build",
    enforce: "post",
    async generateBundle(_, bundle) {
      const frame = bundle["docs.html"];
      if (frame?.type !== "asset") throw new Error("docs.html is not among the pages that were built");
      delete bundle["docs.html"];
      const text = typeof frame.source === "string" ? frame.source : new TextDecoder().decode(frame.source);
      for (const [address, source] of siteFiles(await readSite(), text))
        this.emitFile({ type: "asset", fileName: `docs/${address}`, source });
    },
  };
}
