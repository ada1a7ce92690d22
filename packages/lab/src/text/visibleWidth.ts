import { stripVTControlCharacters } from "node:util";

/** Columns a text takes: colours take none, and every other code point is taken to be one column wide. */
export const visibleWidth = (text: string): number => [...stripVTControlCharacters(text)].length;

/**
 * A text without colours cut to `width` columns, with an ellipsis for what is missing. Both ends stay: names that differ
 * in their last option remain different.
 */
export function truncate(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  if (width <= 0) return "";
  const tail = Math.floor((width - 1) / 3);
  return `${letters.slice(0, width - 1 - tail).join("")}…${letters.slice(letters.length - tail).join("")}`;
}

/** A text filled with spaces to `width` columns; longer ones stay. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - visibleWidth(text)));
  return align === "left" ? text + space : space + text;
}
