import { posix } from "node:path";

import type { OptimizerEntry } from "./optimizerEntry.ts";
import { type LinkedText, optimizerPage, type PageBlock, writeDefault } from "./optimizerPage.ts";

/** Where the pages lie, from the root of the repository. */
const FOLDER = "docs/optimizers";

/** The page of `docs/optimizers` about one optimizer, in Markdown. */
export function markdownPage(entry: OptimizerEntry): string {
  const blocks = optimizerPage(entry).map((block) => markdownOf(block).join("\n"));
  return `${[`# ${entry.name}`, ...blocks].join("\n\n")}\n`;
}

function markdownOf(block: PageBlock): string[] {
  switch (block.kind) {
    case "heading":
      return [`## ${block.text}`];
    case "text":
      return [block.text];
    case "code":
      return [`\`\`\`${block.language ?? ""}`, ...block.lines, "```"];
    case "facts":
      return ["| | |", "| --- | --- |", ...block.rows.map(([label, value]) => row(label, linked(value)))];
    case "options":
      return [
        "| option | default | values | |",
        "| --- | --- | --- | --- |",
        ...block.options.map(({ name, default: initial, range, doc }) =>
          row(`\`${name}\``, writeDefault(initial), range, doc),
        ),
      ];
    case "list":
      return block.items.map((item) => `- ${linked(item)}`);
  }
}

/** A line of a table. A bar in a text would end its cell. */
const row = (...cells: readonly string[]): string =>
  `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;

const linked = ({ text, link }: LinkedText): string =>
  link === undefined ? text : `${text} ([${link.text}](${posix.relative(FOLDER, link.file)}))`;
