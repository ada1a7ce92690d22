import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spreadApart } from "../src/report/endLabels.ts";
import { html, jsonForScript } from "../src/report/html.ts";
import { strokeOf } from "../src/report/palette.ts";
import { renderReport } from "../src/report/renderReport.ts";
import { sampleIndices } from "../src/report/sampleIndices.ts";
import { linearScale, logScale } from "../src/report/scale.ts";
import { smooth } from "../src/report/smooth.ts";
import { sampleReport } from "./reportSample.ts";

const EVIL = `</script><img src=x onerror="alert('1')">&`;

describe("html", () => {
  test("escapes what is put in, and leaves nested markup alone", () => {
    expect(html`<b title="${`"&'`}">${"<i>"}${html`<u>${"a<b"}</u>`}${[1, "&"]}</b>`.text).toBe(
      `<b title="&quot;&amp;&#39;">&lt;i&gt;<u>a&lt;b</u>1&amp;</b>`,
    );
  });
  test("no text gets a bracket or a quote through", () =>
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/[<>"']/.test(html`${text}`.text))));
  test("JSON in a script reads back and cannot close it", () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant(EVIL)), (text) => {
        const json = jsonForScript({ text }).text;
        expect(json).not.toContain("<");
        expect(JSON.parse(json)).toEqual({ text });
      }),
    ));
});

describe("report", () => {
  const report = sampleReport({ seeds: 2, steps: 80 });
  const page = renderReport(report);

  test("is the same for the same data", () => {
    expect(renderReport(sampleReport({ seeds: 2, steps: 80 }))).toBe(page);
  });

  test("has every run, recipe and fact", () => {
    for (const { row } of report.runs) expect(page).toContain(row.runDir);
    for (const { label, value } of [...report.job, ...report.environment]) {
      expect(page).toContain(label);
      expect(page).toContain(value);
    }
    expect(page.match(/<article/g)).toHaveLength(5);
    expect(page.match(/ended lowest/g)).toHaveLength(1);
  });

  test("names runs that stopped", () => {
    expect(page).toContain("sgd diverged");
    expect(page).toContain("2 of 2 diverged");
  });

  test("fetches nothing", () => {
    // The only address in the page is that of the empty icon.
    expect(page.match(/\b(?:src|href|action|url)\s*[=(]\s*["']?[^"'\s>]*/g)).toEqual([`href="data:,`]);
    expect(page).not.toMatch(/@import|https?:\/\/|fetch\(|XMLHttpRequest/);
  });

  test("hostile text comes out as text", () => {
    const hostile = sampleReport({ steps: 20 });
    const page = renderReport({
      ...hostile,
      title: EVIL,
      command: EVIL,
      job: [{ label: EVIL, value: EVIL }],
      runs: hostile.runs.map(({ row, curves }) => ({
        row: { ...row, label: EVIL, error: EVIL, runDir: EVIL },
        curves,
      })),
      recipes: hostile.recipes.map((recipe) => ({ ...recipe, label: EVIL, formula: EVIL, source: EVIL })),
    });
    expect(page).not.toContain("<img");
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });

  test("a page without any loss still renders", () => {
    const bare = sampleReport({ steps: 20, count: 1 });
    const page = renderReport({
      ...bare,
      runs: bare.runs.map(({ row }) => ({ row, curves: { train: [], validation: [] } })),
    });
    expect(page).toContain("nothing to draw");
    expect(page.slice(0, page.indexOf("<script>"))).not.toMatch(/NaN|Infinity|undefined/);
  });

  test.each([1, 2, 9])("no NaN in any drawing of a run of %i steps", (steps) => {
    const page = renderReport(sampleReport({ steps }));
    for (const [, path] of page.matchAll(/ d="([^"]*)"/g)) expect(path).toMatch(/^[MHVhlZ\d\s-]*$/);
    expect(page).not.toMatch(/(?:left|bottom|top|width):[^;"]*(?:NaN|Infinity)/);
  });

  test("every colour is declared by itself, in every theme", () => {
    const style = page.match(/<style>([\s\S]*?)<\/style>/)?.[1] ?? "";
    const declared = [...style.matchAll(/--c4:([^;}]*)/g)].map(([, colour]) => colour);
    const { light, dark } = strokeOf(4);
    expect(declared).toEqual([light, dark, light, dark, light]); // page, dark system, two switches, print
  });

  test("its script parses", () => {
    const script = page.match(/<script>([\s\S]*?)<\/script>/)?.[1] ?? "";
    expect(script.length).toBeGreaterThan(1000);
    expect(() => new Function(script)).not.toThrow();
  });

  test("twelve optimizers have twelve strokes", () => {
    const strokes = Array.from({ length: 12 }, (_, i) => JSON.stringify(strokeOf(i)));
    expect(new Set(strokes).size).toBe(12);
  });
});

describe("curves", () => {
  test("smoothing keeps lines where the window is whole, constants everywhere", () => {
    expect(smooth([0, 1, 2, 3, 4], 1)).toEqual([0, 1, 2, 3, 3.5]);
    expect(smooth([2, 2, 2], 9)).toEqual([2, 2, 2]);
    expect(smooth([], 3)).toEqual([]);
  });
  test("sampled indices rise, are few, and have both ends", () =>
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1e5 }), fc.integer({ min: 4, max: 300 }), (length, limit) => {
        const indices = sampleIndices(length, limit);
        expect(indices[0]).toBe(0);
        expect(indices.at(-1)).toBe(length - 1);
        expect(indices.length).toBeLessThanOrEqual(limit);
        expect(indices.every((index, i) => i === 0 || index > (indices[i - 1] ?? index))).toBe(true);
      }),
    ));
});

describe("scales", () => {
  const ends = fc.tuple(
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    fc.double({ min: 1.001, max: 1e4, noNaN: true }),
  );
  test("ends map to 0 and 1, ticks lie between, and there are some", () =>
    fc.assert(
      fc.property(ends, ([low, ratio]) => {
        for (const scale of [linearScale(low, low * ratio), logScale(low, low * ratio)]) {
          expect(scale.at(low)).toBeCloseTo(0, 9);
          expect(scale.at(scale.high)).toBeCloseTo(1, 9);
          for (const tick of scale.ticks) {
            // 1e-3: a tick that rounds to an end may lie a hair outside.
            expect(scale.at(tick)).toBeGreaterThan(-1e-3);
            expect(scale.at(tick)).toBeLessThan(1 + 1e-3);
          }
        }
        expect(linearScale(low, low * ratio).ticks.length).toBeGreaterThan(1);
      }),
    ));
  test("round numbers", () => {
    expect(linearScale(0, 600, 6).ticks).toEqual([0, 100, 200, 300, 400, 500, 600]);
    expect(linearScale(1.45, 1.62, 4).ticks).toEqual([1.45, 1.5, 1.55, 1.6]);
    expect(logScale(1, 1000).ticks).toEqual([1, 10, 100, 1000]);
    expect(() => logScale(0, 1)).toThrow("> 0");
  });
});

describe("labels at the ends of curves", () => {
  test("are a gap apart, in order, and inside", () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 20 }), (tops) => {
        const sorted = [...tops].sort((a, b) => a - b);
        const moved = spreadApart(sorted, 5, 100);
        const gap = Math.min(5, 100 / Math.max(1, sorted.length - 1));
        for (const [i, top] of moved.entries()) {
          expect(top).toBeLessThanOrEqual(100);
          expect(top).toBeGreaterThan(-1e-9);
          if (i > 0) expect(top - (moved[i - 1] ?? 0)).toBeGreaterThan(gap - 1e-9);
        }
      }),
    ));
  test("stay where there is room", () => expect(spreadApart([10, 50, 90], 5, 100)).toEqual([10, 50, 90]));
});
