import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenBatch } from "@steepest/models";
import { loadPretrained } from "@steepest/models/node";
import type { Download, Page, Worker } from "playwright-core";
import { expect, test } from "vitest";
import { accessibilityFaults } from "#test-support/accessibility.ts";
import { needsBrowser, openPage } from "#test-support/browser.ts";
import { windowServer } from "#test-support/windowServer.ts";
import { textTask } from "../../src/explorables/train/engine/createTask.ts";
import { createTrainer } from "../../src/explorables/train/engine/createTrainer.ts";
import { builtInText } from "../../src/explorables/train/trainText.ts";

needsBrowser();

const nodeLoops = { kind: "kernels", threads: 1 } as const;
/** No test depends on being fast. */
const patient = { timeout: 300_000, interval: 100 };
const at = (address: string, query: string): string => `${address}/explore/train?size=mini&smooth=0&${query}`;

const side = (page: Page, place: "left" | "right") => page.getByRole("region", { name: `${place} side` });
const numbers = async (page: Page, name: "step" | "loss"): Promise<number[]> =>
  Promise.all(
    (["left", "right"] as const).map(async (place) => {
      const shown = side(page, place).locator(`dd.${name}`);
      return Number(name === "loss" ? await shown.getAttribute("title") : await shown.textContent());
    }),
  );
async function rest(page: Page): Promise<void> {
  await page.locator(".train-side[data-status=paused]").nth(1).waitFor();
}
/** Until both sides have made so many steps. */
async function trained(page: Page, steps: number): Promise<void> {
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expect.poll(() => numbers(page, "step"), patient).toEqual([steps, steps]);
  await rest(page);
}

/** All losses of both sides, as the table that the page saves. */
async function losses(page: Page): Promise<number[][]> {
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).first().click();
  const rows = (await textOf(await saved)).trim().split("\n").slice(1);
  const values = rows.map((row) => Number(row.split(",").at(-1)));
  return [values.slice(0, values.length / 2), values.slice(values.length / 2)];
}

async function textOf(download: Download): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of await download.createReadStream()) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

test.each([
  ["a phone", { width: 400, height: 800 }],
  ["a wide window", { width: 1280, height: 900 }],
])("it opens without a fault in %s, in light and dark, for everybody", async (_, viewport) => {
  await using server = await windowServer();
  await using opened = await openPage(at(server.address, "stop=3"), { viewport });
  const { page, faults } = opened;
  await rest(page);
  await trained(page, 3);
  await side(page, "left").getByRole("button", { name: "Write now" }).click();
  await side(page, "left").locator("blockquote").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel("Theme").selectOption("dark");
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
  expect(faults).toEqual([]);
});

// Loops are the same code in both. Chromium multiplies and adds with one rounding, Node 20 with two: losses of 2 to 5 differ by
// one or two units in the last place, 2.4e-7 or 4.8e-7.
const close = 2e-6;
test.each([
  ["adamw", "sgd", close, close],
  ["muon", "lion", close, close],
  ["mano", "swan", close, close],
  ["scion", "adafactor", close, close],
  ["lamb", "normuon", close, close],
  // By jax-js. The roots of Shampoo's almost singular matrices enlarge that rounding from step to step. SOAP's basis at the start has
  // directions that the first gradient says nothing of: another rounding is another basis. `train.test.ts` shows both in Node alone.
  ["shampoo", "soap", 1e-3, 1e-2],
])("20 steps of %s and %s in the page are those of Node", async (left, right, leftApart, rightApart) => {
  await using server = await windowServer();
  await using opened = await openPage(at(server.address, `left=${left}&right=${right}&stop=20`));
  const { page, faults } = opened;
  await rest(page);
  await trained(page, 20);
  const found = await losses(page);
  const text = await builtInText();
  for (const [i, optimizer] of [left, right].entries()) {
    const trainer = createTrainer(
      textTask({ subject: "text", optimizer, size: "mini", seed: 0, text }),
      nodeLoops,
    );
    const expected: number[] = [];
    for (let step = 0; step < 20; step++) expected.push(await trainer.train(1));
    await trainer.dispose();
    const apart = expected.map((loss, step) => Math.abs(loss - (found[i]?.[step] ?? Number.NaN)));
    expect(Math.max(...apart)).toBeLessThan(i === 0 ? leftApart : rightApart);
    expect(new Set(found[i]).size).toBe(20);
  }
  expect(faults).toEqual([]);
});

test("training on WebAssembly lowers the loss, survives a reload, and goes on", async () => {
  await using server = await windowServer();
  await using opened = await openPage(at(server.address, "device=threads&stop=150"));
  const { page, faults } = opened;
  await rest(page);
  expect(await page.locator(".engine").first().textContent()).toMatch(/^WebAssembly, compiled whole steps/);
  await trained(page, 150);
  await expect.poll(() => page.getByText(/^Saved at step 150/).count(), patient).toBe(2);
  const before = await losses(page);
  for (const curve of before) expect(curve.at(-1)).toBeLessThan((curve[0] ?? 0) - 0.5);
  await page.reload();
  await rest(page);
  expect(await numbers(page, "step")).toEqual([150, 150]);
  expect(await page.getByText("Restored at step 150.").count()).toBe(2);
  expect(await losses(page)).toEqual(before);
  expect(await side(page, "right").locator("blockquote").first().textContent()).toMatch(/^after 100 steps/);
  await page.getByRole("button", { name: "One step" }).press("Enter");
  await expect.poll(() => numbers(page, "step"), patient).toEqual([151, 151]);
  await page.getByRole("button", { name: "From the start" }).press("Enter");
  await expect.poll(() => numbers(page, "step"), patient).toEqual([0, 0]);
  expect(faults).toEqual([]);
});

test("a CNN learns digits: loss falls, answers get better, and all of it survives a reload", async () => {
  await using server = await windowServer();
  await using opened = await openPage(
    at(server.address, "subject=digits&device=threads&stop=160&left=adamw&right=muon"),
  );
  const { page, faults } = opened;
  await rest(page);
  await trained(page, 160);
  expect(await page.locator(".engine").first().textContent()).toMatch(/^WebAssembly, compiled whole steps/);
  await expect.poll(() => page.getByText(/^Saved at step 160/).count(), patient).toBe(2);
  const before = await losses(page);
  for (const [i, least] of [0.05, 0.2].entries())
    expect(before[i]?.at(-1)).toBeLessThan((before[i]?.[0] ?? 0) - least); // AdamW at its default rate is slow here
  const read = side(page, "right").getByRole("img", { name: /test digits after 160 steps; wrong: / });
  await read.waitFor();
  expect(await side(page, "right").locator(".read .wrong").count()).toBeLessThan(20); // of 40; guessing has 36
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.reload();
  await rest(page);
  expect(await numbers(page, "step")).toEqual([160, 160]);
  await read.waitFor();
  expect(faults).toEqual([]);
});

test("training on WebGPU lowers the loss as WebAssembly does, and survives a reload", async () => {
  await using server = await windowServer();
  const query = "left=adamw&right=sgd&stop=12";
  await using opened = await openPage(at(server.address, `device=webgpu&${query}`));
  const { page, faults } = opened;
  await rest(page);
  expect(await page.locator(".engine").first().textContent()).toMatch(/^WebGPU \(.+\)$/);
  await trained(page, 12);
  await expect.poll(() => page.getByText(/^Saved at step 12/).count(), patient).toBe(2);
  const [adam = [], sgd = []] = await losses(page);
  expect(adam.at(-1)).toBeLessThan((adam[0] ?? 0) - 0.1);
  const task = textTask({
    subject: "text",
    optimizer: "sgd",
    size: "mini",
    seed: 0,
    text: await builtInText(),
  });
  const trainer = createTrainer(task, nodeLoops);
  // Starts differ by up to 6e-4, those of random.normal on SwiftShader, and so do losses by 1e-4 of themselves.
  for (const loss of sgd) expect(Math.abs((await trainer.train(1)) - loss)).toBeLessThan(5e-3);
  await trainer.dispose();
  await page.reload();
  await rest(page);
  expect(await numbers(page, "step")).toEqual([12, 12]);
  expect(faults).toEqual([]);
});

test("a pause is heard while it trains, and so is another rate", async () => {
  await using server = await windowServer();
  await using opened = await openPage(at(server.address, "stop=20000&left=sgd&right=sgd"));
  const { page, faults } = opened;
  await rest(page);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expect.poll(async () => Math.min(...(await numbers(page, "step"))), patient).toBeGreaterThan(10);
  await side(page, "left").getByLabel("learning rate").press("Home"); // the smallest
  await page.getByRole("button", { name: "Pause" }).press("Enter");
  await rest(page);
  const steps = await numbers(page, "step");
  expect(Math.max(...steps)).toBeLessThan(20_000);
  await page.waitForTimeout(500);
  expect(await numbers(page, "step")).toEqual(steps);
  expect(new URL(page.url()).searchParams.get("left-rate")).toBe("-2.00");
  expect(faults).toEqual([]);
});

test("300 steps leave no array behind in the page", async () => {
  await using server = await windowServer();
  await using opened = await openPage(at(server.address, "left=muon&right=soap&stop=10"));
  const { page, faults } = opened;
  await rest(page);
  const live = (): Promise<number[]> => Promise.all(trainWorkers(page).map(liveArrays));
  await live(); // counts from here on
  await trained(page, 10);
  await page.getByLabel("Until step").fill("110");
  await page.getByLabel("Until step").press("Enter");
  await trained(page, 110); // with a first sample, and all phases compiled
  await expect.poll(() => page.getByText(/^Saved at step 110/).count(), patient).toBe(2);
  const before = await live();
  await page.getByLabel("Until step").fill("410");
  await page.getByLabel("Until step").press("Enter");
  await trained(page, 410);
  await expect.poll(() => page.getByText(/^Saved at step 410/).count(), patient).toBe(2);
  expect(before).toHaveLength(2);
  expect(await live()).toEqual(before);
  expect(faults).toEqual([]);
});

test("weights of the page go on in Node, and the step as .onnx is a model", async () => {
  await using server = await windowServer();
  await using opened = await openPage(at(server.address, "left=muon&stop=30"));
  const { page, faults } = opened;
  await rest(page);
  await trained(page, 30);
  const folder = mkdtempSync(join(tmpdir(), "steepest-train-"));
  try {
    for (const name of ["model.safetensors", "config.json", "Step as .onnx"]) {
      const saved = page.waitForEvent("download");
      await side(page, "left").getByRole("button", { name }).click();
      const download = await saved;
      await download.saveAs(join(folder, download.suggestedFilename()));
    }
    await page.getByRole("button", { name: "One step" }).click();
    await expect.poll(() => numbers(page, "step"), patient).toEqual([31, 31]);
    const [expected = 0] = await numbers(page, "loss"); // that of the weights after 30 steps, on batch 30
    const { model, params } = await loadPretrained(folder);
    const task = textTask({
      subject: "text",
      optimizer: "muon",
      size: "mini",
      seed: 0,
      text: await builtInText(),
    });
    expect(Math.abs(Number(model.loss(params, task.batch(30) as TokenBatch).item()) - expected)).toBeLessThan(
      close,
    );
    const { InferenceSession } = await import("onnxruntime-node");
    const session = await InferenceSession.create(join(folder, "train-step-muon.onnx"));
    expect(session.inputNames).toContain("batch.tokens");
    expect(session.outputNames).toContain("loss");
    await session.release();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(faults).toEqual([]);
});

test("a text of one's own is learned, kept, and refused when it is none", async () => {
  await using server = await windowServer();
  await using opened = await openPage(at(server.address, "stop=5"));
  const { page, faults } = opened;
  await rest(page);
  const give = (text: string): Promise<void> =>
    page
      .getByLabel("Text file")
      .setInputFiles({ name: "own.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  await give("too short");
  await page.getByText(/This text has 9 characters/).waitFor();
  await give("abcdefgh ".repeat(500));
  await page.getByText(/learns your text, 4,500 characters/).waitFor();
  await rest(page);
  await trained(page, 5);
  expect((await numbers(page, "loss"))[0]).toBeLessThan(Math.log(9) + 0.3); // nine characters
  await page.reload();
  await page.getByText(/learns your text, 4,500 characters/).waitFor();
  await rest(page);
  expect(await numbers(page, "step")).toEqual([5, 5]);
  expect(faults).toEqual([]);
});

test("of two tabs one saves, and the other when that one is closed", async () => {
  await using server = await windowServer();
  await using opened = await openPage(at(server.address, "stop=4"));
  const { page, faults } = opened;
  await rest(page);
  const second = await page.context().newPage();
  await second.goto(at(server.address, "stop=4"));
  await second.getByText(/Another tab trains here and saves/).waitFor();
  await rest(second);
  await trained(second, 4);
  await page.close();
  await expect.poll(() => second.getByText(/^Saved at step 4/).count(), patient).toBe(2);
  expect(await second.getByText(/Another tab trains here/).count()).toBe(0);
  expect(faults).toEqual([]);
});

test.each([
  ["a full disk", "QuotaExceededError", /^Not saved: this browser gives the page no more room/],
  ["no private file system", undefined, /^Saved at step 4/],
])("with %s it says so, or saves elsewhere", async (_, error, said) => {
  await using server = await windowServer();
  await using opened = await openPage(`${server.address}/explore/norms`);
  const { page, faults } = opened;
  await page.addInitScript((name) => {
    const { prototype } = FileSystemFileHandle;
    if (name === undefined) Reflect.deleteProperty(prototype, "createWritable");
    else prototype.createWritable = () => Promise.reject(new DOMException("full", name));
  }, error);
  await page.goto(at(server.address, "stop=4"));
  await rest(page);
  await trained(page, 4);
  await expect.poll(() => page.getByText(said).count(), patient).toBe(2);
  if (error === undefined) {
    await page.reload();
    await rest(page);
    expect(await numbers(page, "step")).toEqual([4, 4]);
  }
  expect(faults).toEqual([]);
});

/** The workers of the two sides; jax-js and the loops have others. */
const trainWorkers = (page: Page): Worker[] =>
  page.workers().filter((one) => one.url().includes("trainWorker"));
const liveArrays = (worker: Worker): Promise<number> =>
  worker.evaluate(() => (self as unknown as { liveArrays(): Promise<number> }).liveArrays());
