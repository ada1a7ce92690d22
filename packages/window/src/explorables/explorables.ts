import type { Page } from "../shell/page.ts";

const start = async (): Promise<unknown> => (await import("./startJax.ts")).startJax();

/** The pages that run `steepest` itself, in the order of the home page. */
export const explorables: readonly Page[] = [
  {
    path: "/explore/norms",
    title: "Norms",
    about: "Drag a gradient and see the step that each norm calls steepest",
    group: "explorable",
    async load() {
      const [{ NormsPage }] = await Promise.all([import("./norms/normsPage.tsx"), start()]);
      return NormsPage;
    },
  },
];
