import { existsSync } from "node:fs";

const CHROMIUM = process.env.STEEPEST_CHROMIUM ?? "/usr/bin/chromium";
/** Against pages that never come, not slow machines. */
const LONGEST_MS = 300_000;

/**
 * Opens a page in this machine's Chromium and waits until elements have the texts. Undefined where there is no Chromium. Throws for
 * errors and warnings of the page, and requests that fail or leave the machine.
 */
export async function openInChromium(
  address: string,
  wanted: readonly (readonly [selector: string, text: RegExp])[],
): Promise<{ readonly texts: readonly string[] } | undefined> {
  if (!existsSync(CHROMIUM)) return undefined;
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) faults.push(message.text());
    });
    page.on("pageerror", ({ message }) => faults.push(message));
    page.on("response", (response) => {
      if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !/^(blob|data):/.test(url)) faults.push(`left the machine: ${url}`);
    });
    await page.goto(address);
    const texts: string[] = [];
    for (const [selector, text] of wanted) {
      const element = page.locator(selector).filter({ hasText: text });
      await element.waitFor({ timeout: LONGEST_MS }).catch(async () => {
        const shown = await page.locator(selector).textContent();
        throw new Error(`${selector} shows "${shown}", expected ${text}\n${faults.join("\n")}`);
      });
      texts.push((await page.locator(selector).textContent()) ?? "");
    }
    if (faults.length > 0) throw new Error(faults.join("\n"));
    return { texts };
  } finally {
    await browser.close();
  }
}
