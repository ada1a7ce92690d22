import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { accessibilityFaults } from "#test-support/accessibility.ts";
import { needsBrowser, openPage } from "#test-support/browser.ts";
import { layoutShift } from "#test-support/layoutShift.ts";
import { madeLine, writeMadeRun } from "#test-support/madeRuns.ts";
import { type WindowServer, windowServer } from "#test-support/windowServer.ts";

needsBrowser();

const MARKUP = "<img src=x onerror=alert(1)>";
let folder = "";
let server: WindowServer;

beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), "steepest-window-")), "runs");
  writeMadeRun(join(folder, "muon"), { steps: 400 });
  writeFileSync(join(folder, "muon/sample.txt"), `Call me ${MARKUP}`);
  const onTheWay = [100, 200].map((step) => `${JSON.stringify({ step, text: `${step}: ${MARKUP}` })}\n`);
  writeFileSync(join(folder, "muon/samples.jsonl"), `${onTheWay.join("")}{"step":300}\nhalf a li`);
  writeFileSync(join(folder, "muon/watch.jsonl"), watchLines());
  writeMadeRun(join(folder, "growing"), { steps: 400, made: 100 });
  writeMadeRun(join(folder, "writing"), { steps: 400, made: 100, sampleEvery: 20 });
  writeMadeRun(join(folder, MARKUP), { optimizer: MARKUP });
  for (const optimizer of ["adamw", "scion"])
    for (const seed of [0, 1])
      writeMadeRun(join(folder, `both/${optimizer}-seed${seed}`), { optimizer, seed });
  writeFileSync(join(folder, "both/compare.json"), "{}");
  mkdirSync(join(folder, "rates"));
  writeFileSync(join(folder, "rates/sweep.json"), "{}");
  writeFileSync(join(folder, "rates/trials.jsonl"), trials());
  server = await windowServer([folder]);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

function watchLines(): string {
  const lines = [0, 20, 40].flatMap((step) => [
    {
      step,
      diagnostic: "norms",
      scope: "layer",
      name: "mlp",
      values: { spectral: 1 + step, weight: 1 + step / 10, bound: 8 },
    },
    {
      step,
      diagnostic: "spectra",
      scope: "layer",
      name: "mlp",
      values: { rank: 3 },
      arrays: { weights: [3, 1, 0.1] },
    },
  ]);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function trials(): string {
  const rates = [0.001, 0.01, 0.1];
  return rates
    .map((learningRate, i) => {
      const row = { label: MARKUP, seed: 0, status: "finished", valLoss: 2 + (i - 1) ** 2 };
      return `${JSON.stringify({ id: `t${i}`, settings: { learningRate }, share: 1, row })}\n`;
    })
    .join("");
}

/** No test depends on being fast. */
const patient = { timeout: 120_000, interval: 200 };

test.each([
  ["/runs?group=optimizer", "of 8 runs"],
  ["/run?run=runs/muon&x=tokens&xlog=1", "Call me <img"],
  ["/compare?folder=runs/both", "adamw (2 seeds)"],
  ["/sweep?folder=runs/rates", "3 whole trials finished"],
  ["/diagnostics?run=runs/muon&of=spectra", "Each column is a step"],
  ["/diagnostics?run=runs/muon&of=spectra&as=ridges", "Each ridge is a step"],
  ["/diagnostics?run=runs/muon&of=norms&number=weight", "mlp: bound"],
])("%s shows what is there, without a fault, for everybody", async (path, text) => {
  await using opened = await openPage(server.address + path, { colorScheme: "dark" });
  const { page, faults } = opened;
  await page.getByText(text).first().waitFor();
  expect((await layoutShift(page)).parts).toEqual([]);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await page.locator("img[src=x]").count()).toBe(0);
  expect(faults).toEqual([]);
});

test("texts of a run on the way are shown one by one, by keys, and are never markup", async () => {
  await using opened = await openPage(`${server.address}/run?run=runs/muon`);
  const { page, faults } = opened;
  await page.getByRole("heading", { name: "What it wrote after training" }).waitFor();
  const slider = page.getByRole("slider", { name: "text" });
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("heading", { name: "What it wrote after step 200" }).waitFor();
  expect(await page.locator("pre.sample").textContent()).toBe(`200: ${MARKUP}`);
  expect(new URL(page.url()).searchParams.get("text")).toBe("200");
  await page.keyboard.press("ArrowLeft");
  await page.reload();
  await page.getByRole("heading", { name: "What it wrote after step 100" }).waitFor();
  expect(await page.locator("img[src=x]").count()).toBe(0);
  expect((await layoutShift(page)).parts).toEqual([]);
  expect(faults).toEqual([]);
});

test("texts of a run that goes on arrive, and nothing jumps; one that is looked at stays", async () => {
  await using opened = await openPage(`${server.address}/run?run=runs/writing`);
  const { page, faults } = opened;
  const text = page.locator("pre.sample");
  const file = join(folder, "writing/samples.jsonl");
  const write = (step: number) =>
    appendFileSync(file, `${JSON.stringify({ step, text: `${step}: ${MARKUP}` })}\n`);
  await page.getByText("Nothing yet: it writes at every 20 steps.").waitFor();
  await text.scrollIntoViewIfNeeded();
  write(20);
  await expect.poll(() => text.textContent(), patient).toBe(`20: ${MARKUP}`);
  write(40);
  await expect.poll(() => text.textContent(), patient).toBe(`40: ${MARKUP}`);
  await page.getByRole("slider", { name: "text" }).focus();
  await page.keyboard.press("ArrowLeft");
  write(60);
  await expect.poll(() => page.getByRole("slider", { name: "text" }).getAttribute("max"), patient).toBe("2");
  expect(await text.textContent()).toBe(`20: ${MARKUP}`);
  expect(await page.locator("img[src=x]").count()).toBe(0);
  expect((await layoutShift(page)).parts).toEqual([]);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
});

test("a run that goes on is followed, and its page does not jump", async () => {
  await using opened = await openPage(`${server.address}/run?run=runs/growing&smooth=0`);
  const { page, faults } = opened;
  const last = page.locator(".legend .value").first();
  await expect.poll(async () => Number(await last.textContent()), patient).toBeGreaterThan(0);
  const before = await last.textContent();
  await page.evaluate(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) document.title += ` shift ${JSON.stringify(entry)}`;
    }).observe({ type: "layout-shift" });
  });
  for (let step = 101; step <= 140; step++)
    appendFileSync(join(folder, "growing/metrics.jsonl"), madeLine(step));
  const { loss } = JSON.parse(madeLine(140));
  expect(Math.abs(Number(before) - loss)).toBeGreaterThan(0.001);
  // Lines that are written in between may be shown on the way.
  await expect.poll(async () => Number(await last.textContent()), patient).toBeCloseTo(loss, 3);
  expect(await page.title()).not.toContain("shift");
  expect(faults).toEqual([]);
});

test("the table is filtered, and runs are chosen and compared, by keyboard alone; the address has it all", async () => {
  await using opened = await openPage(`${server.address}/runs`);
  const { page, faults } = opened;
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("seed=1 loss<3");
  await page.getByText("2 of 8 runs").waitFor();
  await page.getByRole("button", { name: "Choose these" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Compare 2" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Losses and cost" }).waitFor();
  expect(new URL(page.url()).searchParams.getAll("run").sort()).toEqual([
    "runs/both/adamw-seed1",
    "runs/both/scion-seed1",
  ]);
  const chart = page.getByRole("slider", { name: /^training loss/ });
  await chart.focus();
  await page.keyboard.press("ArrowRight");
  // Keys do nothing before the curves are there.
  const zoomed = async (): Promise<string> => {
    await page.keyboard.press("+");
    return page.url();
  };
  await expect.poll(zoomed, patient).toContain("from=");
  await page.keyboard.press("0");
  await page.waitForURL((url) => !url.searchParams.has("from"));
  await page.getByLabel("against").selectOption("flops");
  await page.reload();
  expect(await page.getByLabel("against").inputValue()).toBe("flops");
  expect(faults).toEqual([]);
});

test("dragging over a chart asks the server for that part; figures and data can be saved", async () => {
  await using opened = await openPage(`${server.address}/run?run=runs/muon`);
  const { page, faults } = opened;
  const over = page.locator(".u-over").first();
  await over.waitFor();
  const box = await over.boundingBox();
  if (box === null) throw new Error("the chart has no place");
  const asked = page.waitForRequest((request) => /api\/series.*from=/.test(request.url()));
  await page.mouse.move(box.x + 200, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await asked;
  for (const [name, start] of [
    ["SVG", "<svg"],
    ["PNG", "\x89PNG"],
    ["CSV", "run,x,mean"],
  ] as const) {
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).first().click();
    const stream = await (await saved).createReadStream();
    const [first] = await stream.take(1).toArray();
    expect(Buffer.from(first).toString("latin1")).toContain(start);
  }
  expect(faults).toEqual([]);
});
