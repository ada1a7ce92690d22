import fc from "fast-check";
import * as steepestLibrary from "steepest";
import { catalog, describeOptimizer, optimizerNames } from "steepest";
import { describe, expect, test } from "vitest";

import { main } from "../src/cli.ts";
import { methodsByRole } from "../src/report/optimizers/methodsByRole.ts";
import { optimizerEntry } from "../src/report/optimizers/optimizerEntry.ts";
import { optimizerPage } from "../src/report/optimizers/optimizerPage.ts";
import { spectrumRows } from "../src/report/optimizers/spectrumRows.ts";
import { terminalPage } from "../src/report/optimizers/terminalPage.ts";
import { spectraTables, summaryTables } from "../src/report/optimizers/terminalTables.ts";
import { visibleWidth } from "../src/text/visibleWidth.ts";

const definitions = optimizerNames().map(describeOptimizer);
const entries = definitions.map(optimizerEntry);

async function steepest(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { interactive: false, signal: new AbortController().signal, listen: () => {} };
  const code = await main(argv, { ...io, out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("steepest optimizers", () => {
  test("lists the whole catalogue", async () => {
    const { code, out } = await steepest("optimizers");
    expect(code).toBe(0);
    for (const name of Object.keys(catalog)) expect(out).toMatch(new RegExp(`^${name}( |$)`, "m"));
    expect(out).toContain(`${Object.keys(catalog).length} optimizers`);
  });

  test.each([[], ["--summaries"]])("every name is in the list: %j", async (...flags) => {
    const { out } = await steepest("optimizers", ...flags);
    for (const name of optimizerNames()) expect(out).toMatch(new RegExp(`^${name}( |$)`, "m"));
  });

  test("the list has formulas, and measured state and time beside them", async () => {
    const { out } = await steepest("optimizers");
    const { state, ms } = spectrumRows("fisher").find(({ name }) => name === "adam") ?? {};
    const { columns = 120 } = process.stdout;
    expect(columns).toBeGreaterThanOrEqual(80);
    expect(state).toBe("2.00");
    expect(out).toMatch(new RegExp(`^adam +Diag\\(v\\) .*2mn .*2\\.00 +${ms} `, "m"));
  });

  test("every optimizer is measured; else: bench/sweep-optimizers.ts", () => {
    const missing = entries.filter(({ measured }) => measured === null);
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test("--json: an array with every optimizer and every option", async () => {
    const entries = JSON.parse((await steepest("optimizers", "--json")).out);
    expect(entries.map(({ name }: { name: string }) => name)).toEqual(optimizerNames());
    for (const entry of entries) {
      const { options } = describeOptimizer(entry.name);
      expect(entry.options.map((option: { name: string }) => option.name)).toEqual(Object.keys(options));
      expect(entry).toMatchObject({ family: expect.any(String), source: expect.any(String) });
      expect(entry).toMatchObject({ geometry: expect.any(String), computation: expect.any(String) });
      for (const option of entry.options) {
        expect(Object.keys(option)).toEqual(["name", "default", "range", "doc", "kind"]);
      }
    }
  });

  test("NAME --json: an array of that one", async () => {
    const entries = JSON.parse((await steepest("optimizers", "muon", "--json")).out);
    expect(entries).toEqual([JSON.parse(JSON.stringify(optimizerEntry(describeOptimizer("muon"))))]);
  });

  test("NAME: formula, options, methods, state and source", async () => {
    const { out } = await steepest("optimizers", "muon");
    for (const part of [
      "polar",
      "momentum",
      "default 0.95",
      "muon: hidden, conv",
      "adamw: embedding, head, gain, bias",
      "Jordan et al. 2024",
    ]) {
      expect(out).toContain(part);
    }
  });

  test("a misspelt name is a usage error with the nearest one", async () => {
    const { code, err } = await steepest("optimizers", "muonn");
    expect(code).toBe(2);
    expect(err).toContain('did you mean "muon"');
  });
});

test("the lists fit any width from 40 to 200 columns", () =>
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 200 }), (width) => {
      for (const line of [...summaryTables(entries, width), ...spectraTables(width)])
        expect(visibleWidth(line)).toBeLessThanOrEqual(width);
    }),
  ));

test.each(optimizerNames())("%s: every role has a method, and every option a line", (name) => {
  const definition = describeOptimizer(name);
  const taken = methodsByRole(definition).flatMap(({ roles }) => roles);
  expect(taken.sort()).toEqual(["bias", "conv", "embedding", "gain", "head", "hidden"]);
  const page = terminalPage(optimizerEntry(definition), 80).join("\n");
  for (const option of Object.keys(definition.options)) expect(page).toContain(`  ${option}  `);
});

test("every page shows a call that exists", () => {
  const callables = new Map(Object.entries(steepestLibrary));
  for (const entry of entries) {
    const [line = ""] = optimizerPage(entry).flatMap((block) =>
      block.kind === "code" && block.language === "ts" ? block.lines : [],
    );
    const callable = callables.get(/^import \{ (\w+) \} from "steepest";$/.exec(line)?.[1] ?? "");
    expect(callable, line).toBeTypeOf("function");
    if (typeof callable === "function")
      expect(Reflect.apply(callable, undefined, [])).toMatchObject({ name: entry.name });
  }
});
