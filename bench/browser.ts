/**
 * Training steps in Chromium, jax-js and fused loops in turns in one page: `npx tsx bench/browser.ts [--model tiny]
 * [--optimizer adamw] [--batch 16] [--threads 1,2] [--rounds 9] [--isolated true]`. Prints a Markdown table of median times.
 * Without `--isolated` the page shares no memory, so that everything has one thread.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { scriptFlags } from "#test-support/scriptFlags.ts";

const { chromium, isolated, minutes, ...chosen } = scriptFlags(
  "npx tsx bench/browser.ts [--model tiny] [--optimizer adamw] [--batch 16] [--threads 1,2] [--rounds 9] [--isolated true] " +
    "[--chromium /usr/bin/chromium] [--minutes 8]",
  {
    model: "tiny",
    optimizer: "adamw",
    batch: 16,
    threads: "1,2",
    rounds: 9,
    isolated: "true",
    chromium: "/usr/bin/chromium",
    minutes: 8,
  },
);
const settings = { ...chosen, batch: String(chosen.batch), rounds: String(chosen.rounds) };
type Message =
  | { readonly isolated: boolean; readonly browser: string; readonly tokensPerStep: number }
  | { readonly what: string; readonly times: Readonly<Record<string, readonly number[]>> }
  | { readonly done: true; readonly error?: string };

const folder = mkdtempSync(join(tmpdir(), "steepest-browser-"));
const root = join(import.meta.dirname, "..");
await build({
  root,
  logLevel: "error",
  configFile: false,
  resolve: {
    alias: [
      { find: /^steepest$/, replacement: join(root, "packages/steepest/src/index.ts") },
      ...["kernels", "models"].map((name) => ({
        find: new RegExp(`^@steepest/${name}$`),
        replacement: join(root, `packages/${name}/src/index.ts`),
      })),
    ],
  },
  build: {
    outDir: folder,
    emptyOutDir: true,
    target: "es2022",
    rollupOptions: {
      input: join(import.meta.dirname, "browser/page.ts"),
      output: { entryFileNames: "page.js" },
    },
  },
});

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
let tokensPerStep = 0;

function print(message: Message): void {
  if ("browser" in message) {
    ({ tokensPerStep } = message);
    const version = /Chrome\/([\d.]+)/.exec(message.browser)?.[1] ?? message.browser;
    const sharing = message.isolated ? "cross-origin isolated" : "not isolated: one thread";
    console.log(
      `Chromium ${version}, ${sharing}; ${settings.model}, ${settings.optimizer}, ${tokensPerStep} tokens a step\n`,
    );
    console.log("| | ms, median | tokens/s | times jax-js's speed |");
    console.log("| --- | ---: | ---: | ---: |");
  } else if ("what" in message) {
    const base = median(message.times["jax-js"] ?? []);
    for (const [name, times] of Object.entries(message.times)) {
      const ms = median(times);
      const perSecond =
        message.what === "step" ? Math.round((1000 * tokensPerStep) / ms).toLocaleString("en") : "-";
      console.log(
        `| ${message.what}: ${name} | ${ms.toPrecision(3)} | ${perSecond} | ${(base / ms).toFixed(2)} |`,
      );
    }
  } else if (message.error !== undefined) {
    console.error(message.error);
    process.exitCode = 1;
  }
}

let finish = (): void => {};
const finished = new Promise<void>((resolve) => {
  finish = resolve;
});
const server = createServer((request, response) => {
  if (isolated === "true") {
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
  }
  const name = new URL(request.url ?? "/", "http://localhost").pathname;
  if (request.method === "POST") {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const message: Message = JSON.parse(Buffer.concat(chunks).toString());
      print(message);
      response.end();
      if ("done" in message) finish();
    });
  } else if (name.endsWith(".js")) {
    response.setHeader("Content-Type", "text/javascript").end(readFileSync(join(folder, name)));
  } else
    response.setHeader("Content-Type", "text/html").end('<script type="module" src="/page.js"></script>');
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = server.address();
const port = typeof address === "object" && address !== null ? address.port : 0;
const url = `http://127.0.0.1:${port}/?${new URLSearchParams(settings)}`;
const flags = ["--headless=new", "--no-sandbox", `--user-data-dir=${join(folder, "profile")}`];
const browser = spawn(chromium, [...flags, url], { stdio: "ignore" });
const timer = setTimeout(() => {
  console.error(`the page said nothing for ${minutes} minutes`);
  process.exitCode = 1;
  finish();
}, 60_000 * Number(minutes));
browser.on("error", (error) => {
  console.error(`${chromium} does not start: ${error.message}`);
  process.exitCode = 1;
  finish();
});
await finished;
clearTimeout(timer);
if (browser.exitCode === null && browser.pid !== undefined) {
  const ended = new Promise((resolve) => browser.once("exit", resolve));
  browser.kill("SIGKILL");
  await ended;
}
server.close();
server.closeAllConnections();
rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
