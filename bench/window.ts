/**
 * How quick the window is: `npx tsx bench/window.ts [--runs 500] [--steps 2000] [--long 5] [--rounds 5]`. Makes run folders, `long` of
 * them with 100,000 steps, serves them, and looks in Chromium:
 *
 *   first view   from the navigation to the table of runs, with an empty cache
 *   letter       from a key in the filter to the next frame that shows what it did, the longest and the median
 *   group        the same for a choice of "group by"
 *   compare      from the navigation to the curves of all runs
 *   zoom         from a key in the chart to the frame with the curves of the part
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { writeMadeRun } from "#test-support/madeRuns.ts";
import { scriptFlags } from "#test-support/scriptFlags.ts";
import { windowServer } from "#test-support/windowServer.ts";

const values = scriptFlags(
  "npx tsx bench/window.ts [--runs 500] [--steps 2000] [--long 5] [--rounds 5] [--chromium FILE]",
  {
    runs: 500,
    steps: 2000,
    long: 5,
    rounds: 5,
    chromium: "/usr/bin/chromium",
  },
);
const LONG = 100_000;
const folder = mkdtempSync(join(tmpdir(), "steepest-window-"));
for (let i = 0; i < values.runs; i++) {
  const optimizer = ["muon", "adamw", "scion", "soap", "lion"][i % 5] ?? "muon";
  writeMadeRun(join(folder, `${optimizer}-${i}`), {
    optimizer,
    learningRate: 0.001 * 2 ** (i % 7),
    seed: i,
    steps: i < values.long ? LONG : values.steps,
  });
}

const browser = await chromium.launch({ executablePath: values.chromium, args: ["--no-sandbox"] });

/** A page with a cache of its own. */
async function openPage(address: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(address);
  return { page, [Symbol.asyncDispose]: () => context.close() };
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
const say = (what: string, times: readonly number[]): void =>
  console.log(`| ${what} | ${median(times).toFixed(0)} | ${Math.max(...times).toFixed(0)} |`);

/** From the event to the frame after it, for every event that `act` makes. */
async function frames(page: Page, type: string, act: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate((name) => {
    const times: number[] = [];
    Object.assign(window, { times });
    addEventListener(
      name,
      (event) =>
        requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - event.timeStamp))),
      { capture: true },
    );
  }, type);
  await act();
  await page.waitForTimeout(300);
  return page.evaluate(() => (window as unknown as { times: number[] }).times);
}

await using server = await windowServer([folder]);
console.log(`${values.runs} runs of ${values.steps} steps, ${values.long} of them of ${LONG}\n`);
console.log("| | median, ms | longest, ms |");
console.log("| --- | ---: | ---: |");
const name = folder.split("/").at(-1);
const views: number[] = [];
for (let i = 0; i < values.rounds; i++) {
  await using opened = await openPage("about:blank");
  const started = performance.now();
  await opened.page.goto(`${server.address}/runs`);
  await opened.page.getByText(`of ${values.runs} runs`).waitFor();
  views.push(performance.now() - started);
}
say("first view", views);
{
  await using opened = await openPage(`${server.address}/runs`);
  const { page } = opened;
  await page.getByText(`of ${values.runs} runs`).waitFor();
  const typing = async (): Promise<void> => {
    await page.getByRole("searchbox").focus();
    await page.keyboard.type("muon seed>100", { delay: 120 });
    for (let i = 0; i < 13; i++) await page.keyboard.press("Backspace", { delay: 80 });
  };
  say("letter", await frames(page, "input", typing));
  const grouping = async (): Promise<void> => {
    for (const key of ["optimizer", "seed", "status", ""]) {
      await page.getByLabel("group by").selectOption(key);
      await page.waitForTimeout(150);
    }
  };
  say("group", await frames(page, "change", grouping));
}
{
  const many = Array.from({ length: Math.min(100, values.runs) }, (_, i) => {
    const optimizer = ["muon", "adamw", "scion", "soap", "lion"][i % 5];
    return `run=${name}/${optimizer}-${i}`;
  }).join("&");
  const times: number[] = [];
  const zooms: number[] = [];
  for (let i = 0; i < values.rounds; i++) {
    await using opened = await openPage("about:blank");
    const { page } = opened;
    const started = performance.now();
    await page.goto(`${server.address}/compare?${many}`);
    const chart = page.getByRole("slider", { name: /^training loss/ });
    await chart.waitFor();
    await page.locator(".legend .value").first().waitFor();
    times.push(performance.now() - started);
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(300);
    zooms.push(...(await frames(page, "keydown", () => page.keyboard.press("+"))));
  }
  say("compare 100 runs", times);
  say("zoom, to the next frame", zooms);
}
rmSync(folder, { recursive: true, force: true });
process.exit(0);
