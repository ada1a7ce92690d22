import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { cli, temporaryFolder } from "../../packages/lab/test/support/microRun.ts";
import { type FigurePanel, svgFigure } from "../src/figure/svgFigure.ts";
import { matrixFigure, matrixMarkdown, matrixTable } from "../src/matrix/matrixReport.ts";
import { type MatrixRow, measureMatrix } from "../src/matrix/measureMatrix.ts";
import { matrixRoutines } from "../src/matrix/routines.ts";

const study = { shapes: [{ rows: 6, columns: 9 }], conditions: [1, 100], repetitions: 1, say: () => {} };

test("every routine finds what it says, on matrices with known singular vectors", async () => {
  const rows = await measureMatrix(study);
  expect(rows.map(({ routine, condition }) => `${routine} ${condition}`)).toEqual(
    matrixRoutines.flatMap(({ name }) => [1, 100].map((condition) => `${name} ${condition}`)),
  );
  for (const { routine, finds, condition, worst, loss, ms } of rows) {
    expect(ms).toBeGreaterThan(0);
    // At condition 1 all singular values are one: any unit pair attains the dual norm, and every set is near 1.
    if (condition === 1) expect(Math.abs(loss)).toBeLessThan(0.35);
    if (finds === "pair") expect(worst).toBeNull();
    // Converging or exact: what float32 leaves. The others are bounded by their coefficient sets.
    if (/SVD\)|deepseek|×8|CANS|Lanczos ×10|simple/.test(routine)) {
      expect(Math.abs(loss)).toBeLessThan(2e-3);
      if (worst !== null) expect(worst).toBeLessThan(2e-3);
    }
  }
});

test("nothing leaks", async () => {
  const routines = matrixRoutines.filter(({ name }) => /SVD|warm|keller/.test(name));
  expect(await leakedBuffers(() => measureMatrix({ ...study, routines }))).toBe(0);
});

test("a warm start pays: two power steps from the pair of a matrix nearby beat two from anywhere", async () => {
  const routines = matrixRoutines.filter(({ name }) => /power iteration ×2/.test(name));
  const shapes = [{ rows: 24, columns: 40 }];
  const [cold, warm] = await measureMatrix({ ...study, shapes, conditions: [100], routines });
  expect(cold?.routine).toBe("power iteration ×2");
  expect(warm?.loss).toBeLessThan((cold?.loss ?? 0) / 5);
});

test("a routine that fails on a shape is said and left out", async () => {
  const said: string[] = [];
  const bad = {
    name: "bad",
    finds: "polar" as const,
    run: () => {
      throw new Error("cannot");
    },
    flops: () => 1,
  };
  const good = matrixRoutines.filter(({ name }) => name === "Newton-Schulz keller ×5");
  const rows = await measureMatrix({
    ...study,
    routines: [bad, ...good],
    say: (line) => said.push(line),
  });
  expect(rows.map(({ routine }) => routine)).toEqual(["Newton-Schulz keller ×5", "Newton-Schulz keller ×5"]);
  expect(said).toContain("6 × 9, bad left out: cannot");
});

const row = (routine: string, condition: number, more: Partial<MatrixRow> = {}): MatrixRow => ({
  rows: 256,
  columns: 512,
  condition,
  routine,
  finds: "polar",
  ms: 12.34,
  gflop: 1,
  gflops: 81,
  loss: -0.05,
  worst: 0.3,
  ...more,
});

test("the table has one line for each routine, with the error at each condition number", () => {
  const lines = matrixTable([row("one", 1), row("one", 100, { worst: 0.5 }), row("two", 1)], 120);
  expect(lines.slice(-2).map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ["256 × 512", "polar", "one", "12.3", "81", "3.0e-1", "5.0e-1"],
    ["polar", "two", "12.3", "81", "3.0e-1", "–"],
  ]);
});

test("the page's tables have error and loss", () => {
  expect(
    matrixMarkdown([row("one", 1), row("one", 1e4)])
      .split("\n")
      .slice(-3),
  ).toEqual([
    "| routine | ms | GFLOP/s | κ = 1 | κ = 1e4 |",
    "| --- | ---: | ---: | ---: | ---: |",
    "| one | 12.3 | 81 | 3.0e-1 (-5.0e-2) | 3.0e-1 (-5.0e-2) |",
  ]);
});

test("the figure has a panel for each question, and the same colour for the same routine", () => {
  const rows = [256, 512].flatMap((columns) => [row("one", 100, { columns }), row("two", 100, { columns })]);
  const svg = matrixFigure(rows, "polar");
  for (const title of ["256 × 512, κ = 100", "square matrices", "256 × n", "error over κ"])
    expect(svg).toContain(title);
  expect(svg.match(/<text[^>]*>one<\/text>/g)).toHaveLength(1);
});

test("a figure leaves out what an axis cannot show and escapes text", () => {
  const panel: FigurePanel = {
    title: "a < b",
    x: { title: "x", kind: "linear" },
    y: { title: "y", kind: "log" },
    series: [
      { label: "s", mark: "dots", points: [0, 1, 2].map((x) => ({ x, y: [0, Number.NaN, 5][x] ?? 0 })) },
    ],
  };
  const svg = svgFigure([panel, { ...panel, title: "empty", series: [] }]);
  expect(svg).toContain("a &lt; b");
  expect(svg).toContain("empty: nothing to show");
  expect(svg.match(/<circle/g)).toHaveLength(2); // the point and the legend's
});

test("steepest bench matrix writes the study and ends in JSON", async () => {
  const folder = join(temporaryFolder(), "study");
  const { code, out } = await cli(
    ...`bench matrix --shapes 4x6 --conditions 10 --routines keller --turns 1 --json --out ${folder}`.split(
      " ",
    ),
  );
  expect(code).toBe(0);
  const { rows, machine } = JSON.parse(out.at(-1) ?? "") as { rows: MatrixRow[]; machine: object };
  expect(rows.map(({ routine }) => routine)).toEqual([
    "Newton-Schulz keller ×5",
    "Gram Newton-Schulz keller ×5",
  ]);
  expect(machine).toHaveProperty("cores");
  for (const name of ["matrix.json", "matrix.svg", "matrix-pairs.svg", "matrix.md"])
    expect(existsSync(join(folder, name))).toBe(true);
  expect(readFileSync(join(folder, "matrix.md"), "utf8")).toContain("| Newton-Schulz keller ×5 |");
});

test.each([
  ["--shapes 4", '--shapes must be like 512x2048, both at least 2, got "4"'],
  ["--conditions 0.5", '--conditions must be numbers ≥ 1, got "0.5"'],
  ["--turns 0", '--turns must be a whole number ≥ 1, got "0"'],
  ["--routines lanzcos", '--routines: no routine\'s name contains "lanzcos" (did you mean "lanczos"?)'],
])("steepest bench matrix %s: exit code 2", async (flags, message) => {
  const { code, err } = await cli("bench", "matrix", ...flags.split(" "));
  expect([code, err]).toEqual([2, [`error: ${message}`]]);
});

test("steepest bench matrix --help has examples", async () => {
  const { code, out } = await cli("bench", "matrix", "--help");
  expect(code).toBe(0);
  expect(out.join("\n")).toContain("steepest bench matrix --shapes 512x2048");
});
