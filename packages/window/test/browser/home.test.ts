import { expect, test } from "vitest";

import { accessibilityFaults } from "#test-support/accessibility.ts";
import { needsBrowser, openPage } from "#test-support/browser.ts";
import { windowServer } from "#test-support/windowServer.ts";

needsBrowser();

test("the first page lists what there is, without a fault, isolated, for everybody", async () => {
  await using server = await windowServer();
  await using opened = await openPage(server.address);
  const { page, faults } = opened;
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel("Theme").selectOption("dark");
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.reload();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  expect(faults).toEqual([]);
});

test("an address without a page says so", async () => {
  await using server = await windowServer();
  await using opened = await openPage(`${server.address}/nowhere`);
  await opened.page.getByText("there is no page /nowhere").waitFor();
  expect(opened.faults).toEqual([]);
});
