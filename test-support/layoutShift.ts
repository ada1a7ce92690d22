import type { Page } from "playwright-core";

/** The parts of a page that jumped since it was opened, with how much (cumulative layout shift), those after a key or a click left out. */
export function layoutShift(page: Page): Promise<{ readonly sum: number; readonly parts: string[] }> {
  return page.evaluate(
    () =>
      new Promise<{ sum: number; parts: string[] }>((resolve) => {
        let sum = 0;
        const parts: string[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as unknown as {
            value: number;
            hadRecentInput: boolean;
            sources: { node: Node | null }[];
          }[]) {
            if (entry.hadRecentInput) continue;
            sum += entry.value;
            for (const { node } of entry.sources)
              parts.push(
                `${entry.value.toFixed(4)} ${node instanceof Element ? node.outerHTML.slice(0, 90) : "text"}`,
              );
          }
        });
        observer.observe({ type: "layout-shift", buffered: true });
        setTimeout(() => {
          observer.disconnect();
          resolve({ sum, parts });
        }, 300);
      }),
  );
}
