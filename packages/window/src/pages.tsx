import { explorables } from "./explorables/explorables.ts";
import type { Page } from "./shell/page.ts";

const home: Page = {
  path: "/",
  title: "Start",
  about: "What there is",
  group: "none",
  async load() {
    const { HomePage } = await import("./home/homePage.tsx");
    return () => <HomePage pages={pages} />;
  },
};

/** Every page of the app. A new one is a line here and a folder of its own. */
export const pages: readonly Page[] = [home, ...explorables];
