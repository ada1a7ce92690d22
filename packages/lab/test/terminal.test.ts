import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OptimizerProgress, progressLines, secondsLeft } from "../src/commands/compareProgress.ts";
import { runProgress } from "../src/commands/runProgress.ts";
import { compareTable } from "../src/compare/compareTable.ts";
import { compareMarkdown } from "../src/report/compareMarkdown.ts";
import { fitTable } from "../src/text/fitTable.ts";
import { fitText } from "../src/text/fitText.ts";
import { formatDuration } from "../src/text/formatDuration.ts";
import { LiveLines } from "../src/text/liveLines.ts";
import { formatBytes, formatCountOf, formatLoss, formatMs, formatShare } from "../src/text/quantities.ts";
import { sparkline } from "../src/text/sparkline.ts";
import { terminalColours } from "../src/text/terminalColours.ts";
import { terminalText } from "../src/text/terminalText.ts";
import { truncate, visibleWidth } from "../src/text/visibleWidth.ts";
import { sampleReport } from "./reportSample.ts";

const colours = terminalColours({ isTTY: true }, {});
const widths = fc.integer({ min: 40, max: 200 });
const words = fc.string({ minLength: 1, maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, "x"));

describe("tables", () => {
  const report = sampleReport({ steps: 40 });
  test("of a comparison fit any width from 40 to 200 columns, with their losses and every optimizer", () =>
    fc.assert(
      fc.property(widths, fc.boolean(), (width, coloured) => {
        const lines = compareTable(report.runs, width, coloured ? colours : undefined);
        for (const line of lines) expect(visibleWidth(line)).toBeLessThanOrEqual(width);
        const body = lines.slice(lines.findIndex((line) => line.includes("──")) + 1);
        expect(body).toHaveLength(5);
        for (const { row } of report.runs) {
          if (row.valLoss !== null) expect(body.join("\n")).toContain(formatLoss(row.valLoss));
        }
      }),
    ));
  test("of anything fit", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 200 }),
        fc.array(fc.tuple(words, fc.nat(4), fc.array(words, { maxLength: 3 })), {
          minLength: 1,
          maxLength: 3,
        }),
        (width, made) => {
          const columns = made.map(([title, keep, cells]) => ({
            title,
            keep,
            cells,
            align: "left" as const,
          }));
          for (const line of fitTable(columns, width)) expect(visibleWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    ));
  test("numbers are aligned, titles wrap, units have a line", () => {
    const columns = [
      { title: "name", align: "left", keep: 0, cells: ["a", "bcd"] },
      { title: "time of step", unit: "ms", align: "right", keep: 1, cells: ["1.5", "210.5"] },
    ] as const;
    expect(fitTable(columns, 40)).toEqual([
      "       time",
      "         of",
      "name   step",
      "         ms",
      "───────────",
      "a       1.5",
      "bcd   210.5",
    ]);
  });
  test("the least important column goes first", () => {
    const columns = [
      { title: "name", align: "left", keep: 0, cells: ["adamw"] },
      { title: "loss", align: "right", keep: 1, cells: ["1.2345"] },
      { title: "memory", align: "right", keep: 2, cells: ["300 MiB"] },
    ] as const;
    expect(fitTable(columns, 22).join("\n")).toContain("MiB");
    expect(fitTable(columns, 21).join("\n")).not.toContain("MiB");
    expect(fitTable(columns, 21).join("\n")).toContain("1.2345");
  });
  test("as markdown: one line for each optimizer, no cell breaks out", () => {
    const rows = report.runs.map(({ row }) => ({ ...row, label: `${row.label}|<b>\nx` }));
    const lines = compareMarkdown(rows).split("\n");
    expect(lines).toHaveLength(7);
    const bars = (line: string): number => line.replace(/\\\|/g, "").split("|").length;
    for (const line of lines) expect(bars(line)).toBe(11);
    expect(lines.join("")).not.toContain("<b>");
    expect(lines[3]).toMatch(/^\| muon.*\*\*\d\.\d{4}\*\*/);
  });
});

describe("progress", () => {
  const one = (changes: Partial<OptimizerProgress>): OptimizerProgress => ({
    label: "muon",
    state: "running",
    done: 100,
    steps: 400,
    elapsedMs: 2000,
    ...changes,
  });
  const states = fc.constantFrom("waiting", "running", "done", "stopped");
  const progress: fc.Arbitrary<OptimizerProgress> = fc
    .record({
      label: words,
      state: states,
      done: fc.nat(1e6),
      elapsedMs: fc.nat(1e8),
      trainLoss: fc.double(),
      valLoss: fc.double(),
      tokensPerSecond: fc.double({ min: 0, max: 1e9 }),
    })
    .map((made) => ({ ...made, steps: made.done + 10 }));

  test("lines fit any width from 40 to 200 columns", () =>
    fc.assert(
      fc.property(widths, fc.array(progress, { minLength: 1, maxLength: 5 }), (width, all) => {
        const lines = progressLines(all, width, colours);
        expect(lines).toHaveLength(all.length + 1);
        for (const line of lines) expect(visibleWidth(line)).toBeLessThanOrEqual(width);
      }),
    ));
  test("time left: at its own pace, else at that of the others", () => {
    const all = [
      one({}),
      one({ state: "waiting", done: 0, elapsedMs: 0 }),
      one({ state: "done", done: 400 }),
    ];
    expect(all.map((each) => secondsLeft(each, all.slice(0, 2)))).toEqual([6, 8, 0]);
    const nothing = one({ state: "waiting", done: 0, elapsedMs: 0 });
    expect(secondsLeft(nothing, [nothing])).toBeUndefined();
  });
  test("says what it knows", () => {
    const [line, last] = progressLines(
      [one({ trainLoss: 1.5, valLoss: 1.75, tokensPerSecond: 12_345 })],
      100,
    );
    for (const part of [
      "muon",
      "25 %",
      "100/400",
      "train 1.5000",
      "val 1.7500",
      "12,345 tok/s",
      "6.0 s left",
    ])
      expect(line).toContain(part);
    expect(last).toBe("2.0 s so far, about 6.0 s left");
  });
});

describe("live lines", () => {
  test("are redrawn in place, and give the cursor back", () => {
    let text = "";
    const listeners = process.listenerCount("exit");
    const live = new LiveLines({
      write: (more) => {
        text += more;
      },
      columns: 41,
      rows: 10,
    });
    live.draw(["one", "two", "x".repeat(41)]);
    live.draw(["three"]);
    live.stop();
    live.stop();
    expect(text).toBe("\u001b[?25l\r\u001b[Jone\ntwo\n\u001b[2A\r\u001b[Jthree\n\u001b[?25h");
    expect(process.listenerCount("exit")).toBe(listeners);
  });
  test("never more than the screen has", () => {
    let text = "";
    const live = new LiveLines({
      write: (more) => {
        text += more;
      },
      columns: 80,
      rows: 3,
    });
    live.draw(["a", "b", "c"]);
    live.stop();
    expect(text).not.toContain("a\n");
    expect(text).toContain("b\nc\n");
  });
});

describe("colours", () => {
  const red = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean =>
    terminalColours(stream, env).red("x") !== "x";
  test("only on a terminal, and not with NO_COLOR", () => {
    expect(red({ isTTY: true }, {})).toBe(true);
    expect(red({ isTTY: true }, { NO_COLOR: "" })).toBe(true);
    expect(red({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
    expect(red({ isTTY: true }, { TERM: "dumb" })).toBe(false);
    expect(red({}, {})).toBe(false);
  });
});

test("sparkline: means of equal parts on a given scale", () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([0, 0, 7, 7], 2)).toBe("▁█");
  expect(sparkline([1, 1], 4)).toBe("▁▁");
  expect(sparkline([Number.NaN, 7], 2, { low: 0, high: 7 })).toBe(" █");
  expect(sparkline([], 4)).toBe("");
});

test("truncate keeps both ends", () => {
  expect(truncate("muon:learningRate=0.02", 14)).toBe("muon:lear…0.02");
  expect(truncate("muon", 4)).toBe("muon");
  expect(truncate("muon", 1)).toBe("…");
});

test("quantities", () => {
  expect([1.23456, 123.456, 1e6, 1e-5, Number.NaN, Number.POSITIVE_INFINITY, null].map(formatLoss)).toEqual([
    "1.2346",
    "123.5",
    "1.00e+6",
    "1.00e-5",
    "–",
    "∞",
    "–",
  ]);
  expect([0.5, 65, 3599.7, 7260].map(formatDuration)).toEqual([
    "0.5 s",
    "1 min 05 s",
    "1 h 00 min",
    "2 h 01 min",
  ]);
  expect([512, 2048, 330e6, 5e9].map(formatBytes)).toEqual(["512 B", "2.0 KiB", "315 MiB", "4.7 GiB"]);
  expect([1.234, 31.26, 1234.5].map(formatMs)).toEqual(["1.23", "31.3", "1,235"]);
  expect([0.0912, 0.27].map(formatShare)).toEqual(["9.1 %", "27 %"]);
  expect([0, 1, 2000].map((n) => formatCountOf(n, "step"))).toEqual(["0 steps", "1 step", "2,000 steps"]);
  expect([1, 2].map((n) => formatCountOf(n, "run is", "runs are"))).toEqual(["1 run is", "2 runs are"]);
});

test("the progress of a run writes numbers and times as the tables do", () => {
  const lines: string[] = [];
  const signal = new AbortController().signal;
  const progress = runProgress({
    interactive: false,
    signal,
    listen: () => {},
    out: () => {},
    err: (line) => lines.push(line),
  });
  progress.onStart?.({
    runDir: "runs/one",
    steps: 2,
    fromStep: 0,
    parameters: 12345,
    about: ["model      tiny, 12,345 parameters"],
    stateFloats: 0,
    tokensPerStep: 1,
    unit: "tokens",
  });
  for (const step of [1, 2]) progress.onStep?.({ step, seconds: 0, tokens: step, loss: 2 });
  expect(lines.slice(0, 2)).toEqual(["model      tiny, 12,345 parameters", "folder     runs/one"]);
  expect(lines.at(-1)).toMatch(/^step 2\/2, train 2\.0000, [\d,]+ tok\/s, 0\.0 s left$/);
});

describe("what is written to a terminal", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

  test("keeps the styles of this package and nothing else that steers", () => {
    const { bold, dim, red, green, yellow, cyan } = terminalColours({ isTTY: true }, {});
    const styled = [bold, dim, red, green, yellow, cyan].map((style) => style("a")).join(" ");
    expect(terminalText(styled)).toBe(styled);
    expect(terminalText(`${bold("run")} \u001b]0;title\u0007 \u001b[2J \u001b[8mhidden \u202egnp.exe`)).toBe(
      `${bold("run")} ␛]0;title␇ ␛[2J ␛[8mhidden �gnp.exe`,
    );
  });

  test("whatever the text", () => {
    const pieces = fc.constantFrom(
      "\u001b",
      "[",
      "1",
      "m",
      "2",
      "K",
      "\u009b",
      "x",
      "\r",
      "\n",
      "\u2067",
      "31",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
        const left = terminalText(parts.join("")).replaceAll(/\u001b\[(?:0|1|2|22|31|32|33|36|39)m/g, "");
        expect(left).not.toMatch(steering);
      }),
    );
  });

  test("lines that are redrawn, too", () => {
    const written: string[] = [];
    const live = new LiveLines({ write: (text) => written.push(text), columns: 80, rows: 24 });
    live.draw(["run \u001b[2Jx"]);
    live.log("log \u001b[3Jy", []);
    live.stop();
    expect(written.join("")).not.toContain("\u001b[2J");
    expect(written.join("")).not.toContain("\u001b[3J");
    expect(written.join("")).toContain("run ␛[2Jx");
  });
});

test("paragraphs are filled, headings and columns stay", () => {
  const text = `Usage: it [options]

Options:
  --one  the first of the options that there are, with a description that is long enough to be cut

${"word ".repeat(20).trim()}
and so on,
to the end of it.

Models for this:  one, two, three, four, five, six, seven, eight, nine, ten
Models for that:  eleven
Examples:
  it --one`;
  const lines = fitText(text, 70).split("\n");
  expect(lines.every((line) => line.length <= 70)).toBe(true);
  const prose = lines.slice(lines.lastIndexOf("", -2) + 1);
  expect(lines.join("\n")).toContain("word word and so on, to the end of it.");
  expect(lines).toContain("Options:");
  expect(lines).toContain("Models for that:  eleven");
  expect(prose).toContain("  it --one");
});
