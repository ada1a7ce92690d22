import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseNumber, UsageError } from "@steepest/lab/plan";
import { describeEnvironment } from "@steepest/lab/run";
import {
  type CommandFactory,
  type CommandIo,
  terminalColours,
  terminalWidth,
  wrapWords,
} from "@steepest/lab/text";
import { Command } from "commander";
import { didYouMean } from "steepest";

import { matrixFigure, matrixMarkdown, matrixTable } from "../matrix/matrixReport.ts";
import { type MatrixRow, measureMatrix } from "../matrix/measureMatrix.ts";
import { type MatrixRoutine, type MatrixShape, matrixRoutines } from "../matrix/routines.ts";

const defaultShapes = [
  "128x128",
  "256x256",
  "512x512",
  "1024x1024",
  "256x512",
  "256x1024",
  "256x4096",
  "1024x256",
];
const defaultConditions = ["1", "100", "1e4"];

const help = `
Routines:
${matrixRoutines.map(({ name, finds }) => `  ${finds.padEnd(6)} ${name}`).join("\n")}

Examples:
  steepest bench matrix                               ${defaultShapes.length} shapes, some minutes
  steepest bench matrix --shapes 512x2048 --conditions 100
  steepest bench matrix --routines gram keller --shapes 1024x4096 --out study

Matrices have known singular vectors and singular values falling geometrically from 1 to 1/κ. Error: for polar factors
the largest |σ − 1| over singular values above 1e-3·‖X‖_F; for top pairs 1 − ⟨X, uvᵀ⟩/σ₁. Routines take turns on ONNX
Runtime, float32, best time of all turns. --out writes matrix.json,
matrix.svg, matrix-pairs.svg and matrix.md.`;

interface MatrixFlags {
  readonly shapes?: readonly string[];
  readonly conditions?: readonly string[];
  readonly routines?: readonly string[];
  readonly turns?: string;
  readonly threads?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `steepest bench matrix`: polar factors and top singular pairs, time and error. */
export const benchMatrixCommand: CommandFactory = (io) =>
  new Command("matrix")
    .option("--shapes <MxN...>", `rows and columns (default ${defaultShapes.join(" ")})`)
    .option("--conditions <K...>", `condition numbers (default ${defaultConditions.join(" ")})`)
    .option("--routines <TEXT...>", "only routines whose name contains one of these")
    .option("--turns <N>", "timed runs of every routine (default 5)")
    .option("--threads <N>", "threads of ONNX Runtime (default: the cores of this process)")
    .option("--out <FOLDER>", "write matrix.json, matrix.md and two figures there")
    .option("--json", "last line of stdout: rows and what they were measured with as JSON")
    .addHelpText("after", help)
    .action((flags: MatrixFlags) => benchMatrix(flags, io));

async function benchMatrix(flags: MatrixFlags, io: CommandIo): Promise<void> {
  io.listen("stopping after what is measured now");
  const rows = await measureMatrix({
    shapes: words(flags.shapes, defaultShapes).map(readShape),
    conditions: words(flags.conditions, defaultConditions).map((text) =>
      readNumber("--conditions", text, (value) => value >= 1, "numbers ≥ 1"),
    ),
    routines: chosenRoutines(flags.routines),
    repetitions: readCount("--turns", flags.turns, 5),
    threads: flags.threads === undefined ? undefined : readCount("--threads", flags.threads, 1),
    say: io.err,
    signal: io.signal,
  });
  if (flags.out !== undefined && rows.length > 0) writeStudy(flags.out, rows);
  const { cpu, cores, node } = describeEnvironment();
  if (flags.json === true) io.out(JSON.stringify({ rows, machine: { cpu, cores, node } }));
  else if (rows.length > 0) {
    const width = terminalWidth(process.stdout);
    for (const line of matrixTable(rows, width, terminalColours(process.stdout))) io.out(line);
    io.out("");
    const sentence = `Error: of polar factors the largest |σ − 1| over singular values above 1e-3·‖X‖_F, of pairs the loss 1 − ⟨X, uvᵀ⟩/σ₁. ${cpu}, ${cores} cores.`;
    for (const line of wrapWords(sentence, width)) io.out(line);
  }
  if (io.signal.aborted) throw new Error("stopped before everything was measured");
}

function writeStudy(folder: string, rows: readonly MatrixRow[]): void {
  mkdirSync(folder, { recursive: true });
  const { cpu, cores, node } = describeEnvironment();
  const json = { machine: { cpu, cores, node }, rows };
  writeFileSync(join(folder, "matrix.json"), `${JSON.stringify(json)}\n`);
  writeFileSync(join(folder, "matrix.svg"), matrixFigure(rows, "polar"));
  writeFileSync(join(folder, "matrix-pairs.svg"), matrixFigure(rows, "pair"));
  const text = [
    "# Matrix routines: time and error",
    "",
    `\`steepest bench matrix\` on ${cpu}, ${cores} cores, ONNX Runtime, float32. Matrices with known singular vectors, singular`,
    "values falling geometrically from 1 to 1/κ. Time: the shortest of several turns. Error of polar factors: the largest",
    "|σ − 1| over singular values above 1e-3·‖X‖_F; of top pairs: 1 − ⟨X, uvᵀ⟩/σ₁. In brackets the loss of the pairing,",
    "1 − ⟨X, O⟩/‖X‖_*, negative where singular values exceed 1.",
    "",
    "![polar factors](matrix.svg)",
    "",
    "![top singular pairs](matrix-pairs.svg)",
    "",
    matrixMarkdown(rows),
    "",
  ];
  writeFileSync(join(folder, "matrix.md"), text.join("\n"));
}

const words = (given: readonly string[] | undefined, standard: readonly string[]): string[] =>
  (given ?? standard).flatMap((text) => text.split(","));

function readShape(text: string): MatrixShape {
  const [rows, columns, ...more] = text.split(/[x×]/).map(Number);
  const sides = [rows, columns].map((side) => Number.isSafeInteger(side) && Number(side) >= 2);
  if (rows !== undefined && columns !== undefined && more.length === 0 && sides.every(Boolean))
    return { rows, columns };
  throw new UsageError(`--shapes must be like 512x2048, both at least 2, got "${text}"`);
}

function chosenRoutines(given: readonly string[] | undefined): readonly MatrixRoutine[] {
  if (given === undefined) return matrixRoutines;
  const lower = words(given, []).map((text) => text.toLowerCase());
  for (const text of lower) {
    if (matrixRoutines.some(({ name }) => name.toLowerCase().includes(text))) continue;
    const parts = [...new Set(matrixRoutines.flatMap(({ name }) => name.toLowerCase().split(" ")))];
    throw new UsageError(`--routines: no routine's name contains "${text}"${didYouMean(text, parts)}`);
  }
  return matrixRoutines.filter(({ name }) => lower.some((text) => name.toLowerCase().includes(text)));
}

function readCount(flag: string, text: string | undefined, standard: number): number {
  if (text === undefined) return standard;
  return readNumber(flag, text, (value) => Number.isSafeInteger(value) && value >= 1, "a whole number ≥ 1");
}

function readNumber(flag: string, text: string, good: (value: number) => boolean, what: string): number {
  const value = parseNumber(text);
  if (typeof value === "number" && good(value)) return value;
  throw new UsageError(`${flag} must be ${what}, got "${text}"`);
}
