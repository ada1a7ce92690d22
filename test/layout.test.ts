import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { circles, roomOf, type SourceGraph, sourceGraph } from "./sourceGraph.ts";

/** The rooms of each package from the lowest floor to the highest. Files import from their own floor and from below. */
const floors: Readonly<Record<string, readonly string[]>> = {
  "packages/steepest": [
    "polyfill",
    "node",
    "testing",
    "web",
    "core",
    "matrix",
    "norms",
    "theory",
    "manifolds",
    "fisher",
    "transforms",
    "steps",
    "monitors",
    "define",
    "optimizers",
    "catalog",
    "createOptimizer",
    "layerGeometry",
    "index",
  ],
  "packages/kernels": ["wasm", "nest", "math", "loops", "fuse", "run", "compile", "index"],
  "packages/onnx": [
    "arrays",
    "graph",
    "rewrite",
    "runtime",
    "trace",
    "lower",
    "run",
    "export",
    "compile",
    "step",
    "index",
  ],
  "packages/lab": [
    "text",
    "files",
    "collectives",
    "plan",
    "engine",
    "prepare",
    "watch",
    "run",
    "trained",
    "compare",
    "sweep",
    "queue",
    "store",
    "serve",
    "export",
    "report",
    "reproduce",
    "golden",
    "commands",
    "cli",
    "start",
    "index",
  ],
  "packages/window": [
    "css.d",
    "address",
    "format",
    "data",
    "shell",
    "chart",
    "run",
    "runs",
    "compare",
    "sweep",
    "diagnostics",
    "home",
    "docs",
    "explorables",
    "pages",
    "main",
  ],
  bench: ["figure", "engines", "matrix", "optimizer", "commands", "index"],
};

const upward = (graph: SourceGraph, rooms: readonly string[]): string[] =>
  [...graph].flatMap(([file, targets]) =>
    targets
      .filter((target) => rooms.indexOf(roomOf(target)) > rooms.indexOf(roomOf(file)))
      .map((target) => `${file} imports ${target}`),
  );

describe.each(Object.entries(floors))("%s", (folder, rooms) => {
  const graph = sourceGraph(folder);

  test("every file is in a room that has its floor", () => {
    expect([...graph.keys()].map(roomOf).filter((room) => !rooms.includes(room))).toEqual([]);
  });

  test("no file imports from a floor above its own", () => {
    expect(upward(graph, rooms)).toEqual([]);
  });

  test("no file is longer than 200 lines", () => {
    const lines = (file: string): number =>
      readFileSync(new URL(`../${folder}/src/${file}`, import.meta.url), "utf8").split("\n").length - 1;
    expect([...graph.keys()].filter((file) => lines(file) > 200)).toEqual([]);
  });

  test("imports make no circle, not even by types", () => {
    expect(circles(graph).map((way) => way.join(" -> "))).toEqual([]);
  });
});

// The other rooms of building blocks take any norm, structure or matrix: one named method that uses them is not all there is.
test("a stage with one user stands in its user's room", () => {
  const graph = sourceGraph("packages/steepest");
  const misplaced = [...graph.keys()].filter((stage) => {
    if (roomOf(stage) !== "transforms" || /index\.ts$/.test(stage)) return false;
    const users = [...graph].filter(
      ([file, targets]) => targets.includes(stage) && !file.endsWith("index.ts"),
    );
    const [only] = users;
    return users.length === 1 && only !== undefined && roomOf(only[0]) === "optimizers";
  });
  expect(misplaced).toEqual([]);
});

test("upward imports and circles are found", () => {
  const graph = new Map([
    ["low/a.ts", ["high/b.ts"]],
    ["high/b.ts", ["high/c.ts"]],
    ["high/c.ts", ["high/b.ts"]],
  ]);
  expect(upward(graph, ["low", "high"])).toEqual(["low/a.ts imports high/b.ts"]);
  expect(circles(graph)).toEqual([["high/b.ts", "high/c.ts", "high/b.ts"]]);
});
