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
  {
    path: "/explore/descent",
    title: "Descent",
    about: "Steps of fixed length, steepest, clipped and in a ball on the same landscape",
    group: "explorable",
    async load() {
      const [{ DescentPage }] = await Promise.all([import("./descent/descentPage.tsx"), start()]);
      return DescentPage;
    },
  },
  {
    path: "/explore/spectra",
    title: "Spectra",
    about: "Singular values on their way to 1, step by step, and what each optimizer makes of a spectrum",
    group: "explorable",
    async load() {
      const [{ SpectraPage }] = await Promise.all([import("./spectra/spectraPage.tsx"), start()]);
      return SpectraPage;
    },
  },
  {
    path: "/explore/memory",
    title: "Memory",
    about: "Two methods learn the same pairs, some of them rare: see which one remembers those",
    group: "explorable",
    async load() {
      const [{ MemoryPage }] = await Promise.all([import("./memory/memoryPage.tsx"), start()]);
      return MemoryPage;
    },
  },
  {
    path: "/explore/map",
    title: "Two spectra",
    about: "Every optimizer by structure, norm, state and formula, and which of them are equal",
    group: "explorable",
    load: async () => (await import("./map/mapPage.tsx")).MapPage,
  },
  {
    path: "/explore/train",
    title: "Train here",
    about: "Two optimizers teach the same small GPT to write, side by side in this tab",
    group: "explorable",
    load: async () => (await import("./train/trainPage.tsx")).TrainPage,
  },
];
