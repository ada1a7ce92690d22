import { readFileSync } from "node:fs";
import { posix } from "node:path";

import { apiSources } from "./apiSources.ts";
import { escapeHtml } from "./escapeHtml.ts";
import { type RenderedPage, renderPage } from "./renderPage.ts";
import { sidebar } from "./sidebar.ts";
import { siteLinks } from "./siteLinks.ts";
import { repository, type SiteSource, writtenSources } from "./siteSource.ts";

export type SiteFiles = ReadonlyMap<string, string | Uint8Array>;

/** Pages of the site without their frame, and the images they show. */
export interface Site {
  readonly pages: readonly RenderedPage[];
  readonly images: ReadonlyMap<string, string>;
}

/** Reads and renders all pages. Throws for a link that leads nowhere, with all of them. */
export async function readSite(): Promise<Site> {
  return renderSite([...writtenSources(), ...(await apiSources())]);
}

export function renderSite(sources: readonly SiteSource[]): Site {
  const links = siteLinks(sources);
  const pages = sources.map((source) => renderPage(source, links));
  const names = new Map(pages.map((page) => [page.source.address, page.names]));
  const dead = [
    ...links.dead,
    ...links.anchors
      .filter(({ address, name }) => !names.get(address)?.has(name))
      .map(({ from, address, name }) => `${from}: ${address} has no #${name}`),
  ];
  if (dead.length > 0) throw new Error(`links of the docs lead nowhere:\n${dead.join("\n")}`);
  return { pages, images: links.images };
}

/** The files of the site below `/docs/`, each page in the frame of `docs.html`. */
export function siteFiles({ pages, images }: Site, frame: string): SiteFiles {
  const files = new Map<string, string | Uint8Array>();
  for (const page of pages) files.set(page.source.address, framed(page, pages, frame));
  for (const [address, path] of images) files.set(address, readFileSync(`${repository}${path}`));
  files.set("search.json", JSON.stringify(searchText(pages)));
  return files;
}

/** What is searched: `[address, title of the page, heading, text]` of every section. */
const searchText = (pages: readonly RenderedPage[]): string[][] =>
  pages.flatMap(({ source, title, sections }) =>
    sections.map(({ level, name, text, body }) => [
      level === 1 ? source.address : `${source.address}#${name}`,
      title,
      text,
      body,
    ]),
  );

function framed(page: RenderedPage, pages: readonly RenderedPage[], frame: string): string {
  const { address } = page.source;
  const parts: Readonly<Record<string, string>> = {
    title: escapeHtml(`${page.title} · Steepest`),
    root: posix.relative(posix.dirname(address), ".") || ".",
    sidebar: sidebar(pages, address),
    contents: contents(page),
    page: page.html,
  };
  const html = frame.replaceAll(/\[\[(\w+)\]\]/g, (mark, name: string) => parts[name] ?? mark);
  const inline = /<[^>]+\s(style|on\w+)=/.exec(html.replaceAll(/<pre.*?<\/pre>/gs, ""));
  if (inline !== null) throw new Error(`${page.source.path}: the policy of the server refuses ${inline[0]}`);
  return html;
}

const FEWEST = 3;

/** "On this page": nothing where there is little to choose from. */
function contents({ headings }: RenderedPage): string {
  const listed = headings.filter(({ level }) => level > 1);
  if (listed.length < FEWEST) return "";
  const items = listed.map(
    ({ level, name, text }) => `<li class="level-${level}"><a href="#${name}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${items.join("")}</ul></nav>`;
}
