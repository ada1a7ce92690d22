import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

import { needsBrowser, openPage } from "#test-support/browser.ts";

needsBrowser();

/** No test depends on being fast. */
const patient = { timeout: 300_000, interval: 200 };
const root = fileURLToPath(new URL("../../../../", import.meta.url));
/** Where a reader's project would be: beside the packages, so that they are found. */
const folder = join(root, "node_modules/.cache/browser-docs");
const text = readFileSync(join(root, "docs/browser.md"), "utf8");
const blocks = [...text.matchAll(/^```(?:html|ts)\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
const blockWith = (words: string): string => {
  const found = blocks.filter((code) => code.includes(words));
  if (found.length !== 1) throw new Error(`docs/browser.md has ${found.length} blocks with "${words}"`);
  return found[0] ?? "";
};

let vite: ViteDevServer;
let address: string;

beforeAll(async () => {
  const at = (path: string): string => join(root, "packages", path);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const put = (name: string, content: string): void => writeFileSync(join(folder, name), content);
  put("index.html", `<link rel="icon" href="data:," />\n${blockWith('src="/page.ts"')}`);
  put("page.ts", blockWith("new Worker("));
  put("worker.ts", blockWith("getFileHandle"));
  put("kernels.html", '<link rel="icon" href="data:," /><script type="module" src="/kernels.ts"></script>');
  put("kernels.ts", blockWith("residentState("));
  put("saving.html", '<link rel="icon" href="data:," /><script type="module" src="/saving.ts"></script>');
  put(
    "saving.ts",
    `import { np } from "./np.ts";\n${blockWith("export async function download")}\ndocument.title = "ready";\n` +
      "document.addEventListener('click', () => download({ params: { w: np.ones([2, 3]) }, state: {}, step: 1 }));",
  );
  put("np.ts", 'import { init, numpy } from "@jax-js/jax";\nawait init("wasm");\nexport const np = numpy;');
  vite = await createServer({
    root: folder,
    configFile: false,
    logLevel: "silent",
    server: {
      port: 0,
      host: "127.0.0.1",
      hmr: false,
      watch: null,
      fs: { allow: [root] },
      headers: {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
      },
    },
    resolve: {
      alias: [
        { find: /^steepest$/, replacement: at("steepest/src/index.ts") },
        { find: /^steepest\/(\w+)$/, replacement: at("steepest/src/$1/index.ts") },
        { find: /^@steepest\/(kernels|models)$/, replacement: at("$1/src/index.ts") },
      ],
    },
    optimizeDeps: { include: ["@jax-js/jax"] },
  });
  await vite.listen();
  const served = vite.httpServer?.address();
  if (served === null || typeof served !== "object") throw new Error("the server has no address");
  address = `http://127.0.0.1:${served.port}`;
});
afterAll(async () => {
  await vite?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the worker learns, and goes on where it was after a reload", async () => {
  await using opened = await openPage(address);
  const { page, faults } = opened;
  const said = async (): Promise<string> => (await page.locator("#said").textContent()) ?? "";
  const stepOf = (line: string): number => Number(/^\w+, step (\d+): loss [\d.e-]+$/.exec(line)?.[1] ?? 0);
  await expect.poll(async () => stepOf(await said()), patient).toBeGreaterThanOrEqual(100);
  await page.locator("#rate").fill("0.5");
  const before = stepOf(await said());
  await page.reload({ timeout: 0 });
  await expect.poll(async () => stepOf(await said()), patient).toBeGreaterThan(before - 50);
  expect(faults.filter((fault) => !/adapter|powerPreference/i.test(fault))).toEqual([]);
});

test("kernels train in their own memory, and print a loss that falls", async () => {
  await using opened = await openPage(address);
  const { page, faults } = opened;
  const losses: number[] = [];
  page.on("console", (message) => {
    const [k, loss] = message.text().split(" ");
    if (message.type() === "log" && Number.isInteger(Number(k))) losses.push(Number(loss));
  });
  await page.goto(`${address}/kernels.html`, { timeout: 0 });
  await expect.poll(() => losses.length, patient).toBe(10);
  expect(losses[9]).toBeLessThan(losses[0] ?? 0);
  expect(faults.filter((fault) => fault.startsWith("exception"))).toEqual([]);
});

test("a training is downloaded as a file of safetensors", async () => {
  await using opened = await openPage(`${address}/saving.html`);
  const { page, faults } = opened;
  await expect.poll(() => page.title(), patient).toBe("ready");
  const [download] = await Promise.all([page.waitForEvent("download"), page.mouse.click(10, 10)]);
  expect(download.suggestedFilename()).toBe("training.safetensors");
  const bytes = readFileSync(await download.path());
  const header = bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString();
  expect(Object.keys(JSON.parse(header))).toContain("params.w");
  expect(faults).toEqual([]);
});
