import { existsSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

import { skipUnless } from "./skipUnless.ts";

const CHROMIUM = process.env.STEEPEST_CHROMIUM ?? "/usr/bin/chromium";
const found = existsSync(CHROMIUM);

let running: Promise<Browser> | undefined;

/** Call it in the body of a `describe` or a file: its tests are skipped by name where there is no chromium. */
export function needsBrowser(): void {
  skipUnless(found, "pages in a browser", "apt-get install chromium");
}

/** The one chromium of this process; it ends with it. WebGPU is there, on the processor (SwiftShader). */
function sharedBrowser(): Promise<Browser> {
  running ??= import("playwright-core").then(({ chromium }) =>
    chromium.launch({
      executablePath: CHROMIUM,
      args: [
        "--no-sandbox", // tests may run as root; they load nothing but pages of this repository
        "--enable-unsafe-webgpu",
        "--enable-features=Vulkan",
        "--use-webgpu-adapter=swiftshader",
      ],
    }),
  );
  return running;
}

/** A page of a server of this machine, and what went wrong in it. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the console, exceptions, refused and failed requests, and requests to anywhere else. Empty when all is well. */
  readonly faults: readonly string[];
}

/** Opens `address`. Use `await using`: the page, and its storage, end with the test. */
export async function openPage(address: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const browser = await sharedBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(300_000); // against pages that never come, not slow machines
  const { origin } = new URL(address);
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin: to } = new URL(request.url());
    if (to !== origin && !["data:", "blob:"].includes(protocol))
      faults.push(`left the machine: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(address, { timeout: 0 });
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}
