import type { Page } from "../shell/page.ts";

/** The pages that run `steepest` itself, in the order of the home page. */
export const explorables: readonly Page[] = [];
