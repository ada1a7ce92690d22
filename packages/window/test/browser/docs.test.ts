import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { accessibilityFaults } from "#test-support/accessibility.ts";
import { needsBrowser, openPage } from "#test-support/browser.ts";
import { windowServer } from "#test-support/windowServer.ts";

import { appFolder } from "../../../lab/src/serve/appFolder.ts";

needsBrowser();

describe("docs", () => {
  test("every page loads without a fault, and every link of the site leads to a page and a place in it", async () => {
    const app = join(await appFolder(() => {}), "docs");
    const pages = readdirSync(app, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".html"));
    expect(pages.length).toBeGreaterThan(150);
    await using server = await windowServer();
    await using opened = await openPage(`${server.address}/docs/`);
    const { page, faults } = opened;
    const links: { readonly from: string; readonly to: string }[] = [];
    const places = new Set<string>();
    for (const path of pages) {
      const address = `${server.address}/docs/${path}`;
      await page.goto(address);
      const found = await page.evaluate(() => ({
        title: document.querySelector("h1")?.textContent ?? "",
        links: [...document.querySelectorAll("a")].map(({ href }) => href),
        ids: [...document.querySelectorAll("[id]")].map(({ id }) => id),
        broken: [...document.images].filter((one) => one.loading !== "lazy" && one.naturalWidth === 0).length,
        wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      }));
      expect([path, found.title === "", found.broken, found.wide]).toEqual([path, false, 0, false]);
      places.add(address).add(address.replace(/index\.html$/, ""));
      for (const id of found.ids) places.add(`${address}#${encodeURIComponent(id)}`);
      for (const to of found.links) links.push({ from: path, to });
    }
    const dead = links.filter(
      ({ to }) => to.startsWith(`${server.address}/docs/`) && !places.has(anchorOf(to)),
    );
    expect(dead).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("search finds words of headings and text, by the keyboard alone", async () => {
    await using server = await windowServer();
    await using opened = await openPage(`${server.address}/docs/optimizers/muon.html`);
    const { page, faults } = opened;
    await page.keyboard.press("/");
    await page.keyboard.type("shampoo");
    await page.locator("#results a").first().waitFor();
    expect(await page.locator("#results strong").first().textContent()).toBe("shampoo");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/docs\/optimizers\/shampoo\.html/);
    await page.keyboard.press("/");
    await page.keyboard.type("cross-origin isolaton"); // misspelt
    await page
      .getByRole("link", { name: /cross-origin isolation/i })
      .first()
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.locator("#results").isVisible()).toBe(false);
    await page.locator("#search").fill("qqqqqqqq");
    await page.getByText("nothing found").waitFor();
    expect(faults).toEqual([]);
  });

  test.each([
    "",
    "optimizers/soap.html",
    "results/claims/mano-theorem.html",
    "api/steepest/matrix.html",
    "browser.html",
  ])("axe finds nothing on /docs/%s, light or dark, wide or on a phone", async (path) => {
    await using server = await windowServer();
    await using wide = await openPage(`${server.address}/docs/${path}`, { colorScheme: "light" });
    expect(await accessibilityFaults(wide.page)).toEqual([]);
    await using phone = await openPage(`${server.address}/docs/${path}`, {
      colorScheme: "dark",
      viewport: { width: 390, height: 844 },
    });
    expect(await accessibilityFaults(phone.page)).toEqual([]);
    await phone.page.getByRole("button", { name: "All pages" }).click();
    expect(await phone.page.getByRole("link", { name: "Norms", exact: true }).isVisible()).toBe(true);
    expect([...wide.faults, ...phone.faults]).toEqual([]);
  });

  test("a folder is found without its slash, too, and the app links to the docs", async () => {
    await using server = await windowServer();
    await using opened = await openPage(`${server.address}/docs/optimizers`);
    const { page, faults } = opened;
    expect(page.url()).toBe(`${server.address}/docs/optimizers/`);
    await page.getByRole("link", { name: "Steepest" }).first().click();
    await page.getByRole("link", { name: "Docs", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Steepest" }).waitFor();
    expect(page.url()).toBe(`${server.address}/docs/`);
    expect(faults).toEqual([]);
  });

  test("formulas are typeset, and their source is at hand", async () => {
    await using server = await windowServer();
    await using opened = await openPage(`${server.address}/docs/optimizers/soap.html`);
    const { page, faults } = opened;
    expect(await page.locator("math").count()).toBe(6);
    expect(await page.locator("math msqrt").count()).toBeGreaterThan(1);
    await page.getByText("As text").click();
    expect(await page.locator("figure.formula pre").textContent()).toContain("(U_LᵀGU_R)²");
    expect(faults).toEqual([]);
  });

  test("the pages name no other machine but in links", async () => {
    const app = join(await appFolder(() => {}), "docs");
    for (const path of ["index.html", "api/steepest.html"])
      expect(readFileSync(join(app, path), "utf8")).not.toMatch(/(?:src|srcset|action)="(?:https?:)?\/\//);
  });
});

/** An address without its query; the place as a browser writes it. */
function anchorOf(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}${url.hash === "" ? "" : `#${encodeURIComponent(decodeURIComponent(url.hash.slice(1)))}`}`;
}
