import { posix } from "node:path";

import { escapeHtml } from "./escapeHtml.ts";
import type { RenderedPage } from "./renderPage.ts";

interface Group {
  readonly title: string;
  /** Pages in this order; the others of `folder` follow by their title. */
  readonly first: readonly string[];
  readonly folder?: RegExp;
  /** All pages are listed only where one of them is shown; elsewhere the first. */
  readonly long?: true;
}

const groups: readonly Group[] = [
  {
    title: "Guides",
    first: [
      "index",
      "training",
      "models",
      "methods-and-norms",
      "norms",
      "your-own",
      "runs",
      "sweeps",
      "monitors",
      "theory",
      "window",
      "browser",
      "kernels",
      "onnx",
      "queue",
      "distributed",
      "scale",
      "protocol",
    ].map((name) => `${name}.html`),
  },
  { title: "Optimizers", first: ["optimizers/index.html"], folder: /^optimizers\//, long: true },
  { title: "Claims", first: ["results/claims/index.html"], folder: /^results\/claims\//, long: true },
  {
    title: "Results",
    first: ["results/ranking.html", "results/all-optimizers.html"],
    folder: /^results\/[^/]+$/,
    long: true,
  },
  { title: "API", first: ["api/index.html"], folder: /^api\//, long: true },
  { title: "Packages", first: ["packages/steepest.html"], folder: /^packages\//, long: true },
  { title: "Examples", first: ["examples/index.html"], folder: /^examples\//, long: true },
  { title: "Project", first: ["changelog.html", "contributing.html", "decisions.html"], folder: /^[^/]+$/ },
];

/** The list of pages beside the page that `address` names. */
export function sidebar(pages: readonly RenderedPage[], address: string): string {
  const titles = new Map(pages.map(({ source, title }) => [source.address, title]));
  const taken = new Set(groups.flatMap(({ first }) => first));
  return groups
    .map(({ title, first, folder, long }) => {
      const others = pages
        .filter(({ source }) => folder?.test(source.address) && !taken.has(source.address))
        .map(({ source }) => source.address);
      const all = [...first.filter((page) => titles.has(page)), ...others];
      const shown = long && !all.includes(address) ? all.slice(0, 1) : all;
      const items = shown.map((page) => item(page, address, titles.get(page) ?? page)).join("");
      return `<h2>${title}</h2><ul>${items}</ul>`;
    })
    .join("");
}

function item(page: string, current: string, title: string): string {
  const href = posix.relative(posix.dirname(current), page);
  const here = page === current ? ' aria-current="page"' : "";
  return `<li><a href="${href}"${here}>${escapeHtml(title)}</a></li>`;
}
