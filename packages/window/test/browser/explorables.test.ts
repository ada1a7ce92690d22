import { numpy as np } from "@jax-js/jax";
import { describeOptimizer, optimizerNames } from "steepest";
import { createNorm } from "steepest/norms";
import { expect, test } from "vitest";

import { accessibilityFaults } from "#test-support/accessibility.ts";
import { needsBrowser, openPage } from "#test-support/browser.ts";
import { layoutShift } from "#test-support/layoutShift.ts";
import { windowServer } from "#test-support/windowServer.ts";
import { walker } from "../../src/explorables/descent/walks.ts";

needsBrowser();

/** No test depends on being fast. */
const patient = { timeout: 120_000, interval: 100 };
/** Nothing that moves by itself. */
const still = { reducedMotion: "reduce" } as const;
const vector = (text: string | null): number[] => (text ?? "").replace(/[()]/g, "").split(", ").map(Number);

test.each([
  "norms?norm=f_star",
  "norms?on=symmetric&norm=nuclear",
  "spectra?set=own",
  "memory",
  "descent?norm=max",
  "map?method=adam",
])("%s opens without a fault, in light and dark, on a phone, for everybody", async (path) => {
  await using server = await windowServer();
  await using opened = await openPage(`${server.address}/explore/${path}`, {
    ...still,
    viewport: { width: 400, height: 800 },
  });
  const { page, faults } = opened;
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await layoutShift(page)).toEqual({ sum: 0, parts: [] });
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel("Theme").selectOption("dark");
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  expect(faults).toEqual([]);
});

test("the oracle of a dragged gradient is the library's", async () => {
  await using server = await windowServer();
  await using opened = await openPage(`${server.address}/explore/norms?norm=columns&on=rows`, still);
  const { page, faults } = opened;
  const ball = page.getByRole("img", { name: /^Unit ball/ });
  const { x, y, width, height } = (await ball.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width * 0.5, y + height * 0.5);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.3, y + height * 0.2, { steps: 4 });
  await page.mouse.up();
  const given = new URL(page.url()).searchParams;
  const gradient = [Number(given.get("x")), Number(given.get("y"))] as const;
  expect(gradient[0]).toBeLessThan(0);
  expect(gradient[1]).toBeGreaterThan(0);
  const norm = createNorm("columns");
  const g = (): np.Array => np.array([[...gradient], [0, 0]]);
  const expected = Array.from(norm.lmo(g()).dataSync(), Number);
  await expect
    .poll(async () => vector(await page.locator("#lmo").textContent())[0], patient)
    .toBeCloseTo(expected[0] ?? 0, 3);
  expect(vector(await page.locator("#lmo").textContent())[1]).toBeCloseTo(expected[1] ?? 0, 3);
  expect(Number(await page.locator("#dual").textContent())).toBeCloseTo(Number(norm.dual(g()).item()), 2);
  expect(faults).toEqual([]);
});

test("a memory learns step by step, by keys alone, and begins again", async () => {
  await using server = await windowServer();
  await using opened = await openPage(`${server.address}/explore/memory`, still);
  const { page, faults } = opened;
  const loss = async (): Promise<number> => Number(await page.locator(".loss").first().textContent());
  await page.locator(".loss").first().waitFor();
  const before = await loss();
  await page.getByRole("button", { name: "One step" }).focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("#step").textContent(), patient).toBe("5");
  expect(await loss()).toBeLessThan(before);
  await page.getByRole("button", { name: "From the start" }).press("Enter");
  await expect.poll(() => page.locator("#step").textContent(), patient).toBe("0");
  expect(await loss()).toBe(before);
  expect(faults).toEqual([]);
});

test("the walks of a dragged start are the library's, and a button sets its scene", async () => {
  await using server = await windowServer();
  await using opened = await openPage(`${server.address}/explore/descent`, still);
  const { page, faults } = opened;
  const picture = page.getByRole("img", { name: /^Four walks/ });
  const { x, y, width, height } = (await picture.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width * 0.5, y + height * 0.5);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.8, y + height * 0.3, { steps: 4 });
  await page.mouse.up();
  const given = new URL(page.url()).searchParams;
  const start = [Number(given.get("x")), Number(given.get("y"))];
  expect(start[0]).toBeGreaterThan(1);
  expect(start[1]).toBeGreaterThan(0.5);
  const walks = walker("bowl", "frobenius")(start, { rate: 0.1, threshold: 4, momentum: 0, decay: 2 }, 30);
  for (const name of ["fixed", "clipped"] as const)
    await expect
      .poll(async () => Number(await page.locator(`#value-${name}`).textContent()), patient)
      .toBeCloseTo(walks[name].at(-1)?.value ?? Number.NaN, 1);
  const chart = page.getByRole("img", { name: /^Dual norm of the gradient/ });
  const clippedEnd = await page.locator("#dual-clipped").textContent();
  const said = /clipped ([\d.e-]+)/.exec((await chart.getAttribute("aria-label")) ?? "")?.[1];
  expect(Number(said)).toBeCloseTo(Number(clippedEnd), 1);
  expect(await chart.locator(".rho").count()).toBe(1);
  await page.getByRole("button", { name: "Show the ball" }).press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("norm"), patient).toBe("max");
  await page.getByRole("checkbox", { name: "clipped" }).uncheck();
  await expect.poll(() => page.locator(".landscape .walk.clipped").count(), patient).toBe(0);
  expect(await chart.locator(".walk.clipped").count()).toBe(0);
  expect(faults).toEqual([]);
});

test("Two spectra finds methods, shows one and goes on to what it is equal to, by keys alone", async () => {
  await using server = await windowServer();
  await using opened = await openPage(`${server.address}/explore/map`, still);
  const { page, faults } = opened;
  await page.getByText(`${optimizerNames().length} of ${optimizerNames().length}`).waitFor();
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("soap");
  await page.getByRole("button", { name: "soap" }).first().press("Enter");
  const detail = page.getByRole("complementary", { name: "About soap" });
  await detail.getByText(describeOptimizer("soap").summary).waitFor();
  await detail.getByRole("button", { name: "adam", exact: true }).first().press("Enter");
  await page.getByRole("complementary", { name: "About adam" }).waitFor();
  expect(new URL(page.url()).search).toBe("?q=soap&method=adam");
  await page.getByRole("link", { name: "Page of adam, with its options" }).click();
  await page.getByRole("heading", { level: 1, name: "adam" }).waitFor();
  expect(faults).toEqual([]);
});
