import { printable } from "./printable.ts";

/** The styles of `terminalColours`: bold, dim, red, green, yellow, cyan, and their ends. */
const STYLE = "\\u001b\\[(?:0|1|2|22|31|32|33|36|39)m";

/**
 * A line for a terminal: names, paths, samples and errors in it may be of unknown origin, so that all that would steer the terminal
 * becomes its picture but the few styles that we write ourselves.
 */
export const terminalText = (line: string): string =>
  line
    .split(new RegExp(`(${STYLE})`))
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join("");
