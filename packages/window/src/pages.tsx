import { explorables } from "./explorables/explorables.ts";
import type { Page } from "./shell/page.ts";

const home: Page = {
  path: "/",
  title: "Start",
  about: "What there is",
  group: "none",
  async load() {
    const { HomePage } = await import("./home/homePage.tsx");
    return () => <HomePage pages={pages} />;
  },
};

const laboratory: readonly Page[] = [
  {
    path: "/runs",
    title: "Runs",
    about: "All runs, comparisons and sweeps in the folders that are served: filter, sort, group, choose",
    group: "laboratory",
    load: async () => (await import("./runs/runsPage.tsx")).RunsPage,
  },
  {
    path: "/run",
    title: "Run",
    about: "One run: curves, time, memory, settings",
    group: "none",
    load: async () => (await import("./run/runPage.tsx")).RunPage,
  },
  {
    path: "/compare",
    title: "Compare",
    about:
      "Several runs over each other: loss against steps, tokens, time and FLOPs, seeds as bands, cost, settings",
    group: "laboratory",
    load: async () => (await import("./compare/comparePage.tsx")).ComparePage,
  },
  {
    path: "/sweep",
    title: "Sweep",
    about: "Loss against the settings of a sweep",
    group: "none",
    load: async () => (await import("./sweep/sweepPage.tsx")).SweepPage,
  },
  {
    path: "/diagnostics",
    title: "Diagnostics",
    about: "What a run watched: spectra, norms, angles",
    group: "none",
    load: async () => (await import("./diagnostics/diagnosticsPage.tsx")).DiagnosticsPage,
  },
];

/** Every page of the app. A new one is a line here and a folder of its own. */
export const pages: readonly Page[] = [home, ...laboratory, ...explorables];
