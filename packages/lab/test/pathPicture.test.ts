import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { landscape } from "@steepest/models";
import { expect, test } from "vitest";
import { contourLines } from "../src/report/paths/contourLines.ts";
import { pathPicture } from "../src/report/paths/pathPicture.ts";
import { pathWindow } from "../src/report/paths/pathWindow.ts";
import { readMetrics } from "../src/run/metricsLog.ts";
import { cli, temporaryFolder } from "./support/microRun.ts";

test("the contour of a bowl is a circle, closed; one that leaves the grid is open", () => {
  const heights = Array.from({ length: 21 * 21 }, (_, i) =>
    Math.hypot((i % 21) - 10, Math.floor(i / 21) - 10),
  );
  const grid = { columns: 21, rows: 21, heights };
  const [circle = [], ...others] = contourLines(grid, 6.5);
  expect(others).toEqual([]);
  expect(circle.length).toBeGreaterThan(30);
  expect(circle.at(-1)).toEqual(circle[0]);
  for (const [x, y] of circle) expect(Math.hypot(x - 10, y - 10)).toBeCloseTo(6.5, 1);
  const corners = contourLines(grid, 12);
  expect(corners).toHaveLength(4);
  for (const line of corners) expect(line.at(-1)).not.toEqual(line[0]);
  expect(contourLines(grid, 99)).toEqual([]);
  expect(contourLines({ ...grid, heights: heights.map(() => Number.NaN) }, 1)).toEqual([]);
});

test("a window holds starts and minima, and a path that leaves for good does not widen it", () => {
  const window = pathWindow(
    [
      [
        [0, 0],
        [1, 1],
        [1e6, 1],
      ],
    ],
    [[2, 3]],
    1.5,
  );
  expect(window.left).toBeLessThan(0);
  expect(window.right).toBeGreaterThan(2);
  expect(window.right).toBeLessThan(10);
  expect(window.top).toBeGreaterThan(3);
  expect((window.right - window.left) / (window.top - window.bottom)).toBeCloseTo(1.5, 6);
});

test("labels are escaped, and a path ends where numbers do", async () => {
  const paths = [
    {
      label: "<b>&",
      colour: 0,
      points: [
        [1, 1],
        [2, Number.NaN],
      ] as const,
    },
  ];
  const { text } = await pathPicture(landscape({ surface: "beale" }), paths);
  expect(text).toContain("&lt;b&gt;&amp; ");
  expect(text).toContain("ends at (1, 1)");
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
  expect(text.match(/class="minimum"/g)).toHaveLength(1);
});

test("a run of a function of two numbers leaves the picture of its path, and says where", async () => {
  const out = join(temporaryFolder(), "run");
  const {
    code,
    out: said,
    err,
  } = await cli(...["train", "--model", "rosenbrock", "--optimizer", "sgd", "--steps", "3", "--out", out]);
  expect(code, err.join("\n")).toBe(0);
  expect(said.at(-1)).toBe(`its path:   ${join(out, "path.svg")}`);
  expect(readFileSync(join(out, "report.html"), "utf8")).toContain('<svg class="paths"');
  const path = readMetrics(out).map(({ x }) => x);
  expect(path).toHaveLength(4);
  expect(path[0]).toEqual([Math.fround(-1.2), 1]);
  const end = path[3]?.map((value) => String(Number(value.toPrecision(4))).replace("-", "−")).join(", ");
  expect(readFileSync(join(out, "path.svg"), "utf8")).toContain(`ends at (${end})`);
});

test("a comparison draws all paths, in its report too; what is no plane has no picture", async () => {
  const folder = temporaryFolder();
  const compared = async (name: string, ...model: string[]): Promise<string[]> => {
    const flags = ["--steps", "2", "--seeds", "0,1", "--out", join(folder, name)];
    const { code, out, err } = await cli("compare", "sgd", "adamw", "--model", ...model, ...flags);
    expect(code, err.join("\n")).toBe(0);
    return out;
  };
  const said = await compared("plane", "himmelblau");
  const picture = join(folder, "plane", "path.svg");
  expect(said.at(-1)).toBe(`picture of their paths: ${picture}`);
  const svg = readFileSync(picture, "utf8");
  expect(svg.match(/ends at/g)).toHaveLength(2);
  const page = readFileSync(join(folder, "plane", "report.html"), "utf8");
  expect(page).toContain('<svg class="paths"');
  await compared("space", "rosenbrock", "--dimensions", "3");
  expect(existsSync(join(folder, "space", "path.svg"))).toBe(false);
});
