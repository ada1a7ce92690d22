import { Marked, type Tokens } from "marked";

import { codeFigure, type Language, languages } from "./codeFigure.ts";
import { escapeHtml } from "./escapeHtml.ts";
import { headingNames } from "./headingNames.ts";
import { plainText } from "./plainText.ts";
import type { SiteLinks } from "./siteLinks.ts";
import type { SiteSource } from "./siteSource.ts";

export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly name: string;
}

/** What search finds: a heading and the text below it. */
export interface Section extends Heading {
  readonly body: string;
}

export interface RenderedPage {
  readonly source: SiteSource;
  /** Its first heading. */
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly sections: readonly Section[];
  /** Everything in the page that a link may lead to. */
  readonly names: ReadonlySet<string>;
}

/** Headings below this level are marks within an entry: they are not listed, nor found. */
const DEEPEST = 3;

/** A Markdown file as HTML without scripts, styles and events. Throws where it holds HTML or a block of an unknown language. */
export function renderPage(source: SiteSource, links: SiteLinks): RenderedPage {
  const nameOf = headingNames();
  const headings: Heading[] = [];
  const names = new Set<string>();
  const anchored = new WeakMap<object, Heading>();
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading(token) {
        const heading = anchored.get(token);
        const inner = this.parser.parseInline(token.tokens);
        if (heading === undefined) return `<h${token.depth}>${inner}</h${token.depth}>\n`; // in a quote
        const label = escapeHtml(`Link to ${heading.text}`);
        const mark =
          heading.level === 1 ? "" : ` <a class="anchor" href="#${heading.name}" aria-label="${label}">#</a>`;
        return `<h${token.depth} id="${heading.name}" tabindex="-1">${inner}${mark}</h${token.depth}>\n`;
      },
      code: (token) => codeFigure(token.text, languageOf(source, token)),
      table(token) {
        return `<div class="scroll" tabindex="0" role="group" aria-label="Table">${tableHtml(token, (cell) =>
          this.parser.parseInline(cell.tokens),
        )}</div>\n`;
      },
      link(token) {
        const inner = this.parser.parseInline(token.tokens);
        return `<a href="${escapeHtml(links.link(source, token.href))}">${inner}</a>`;
      },
      image: ({ href, text }) =>
        `<img src="${escapeHtml(links.image(source, href))}" alt="${escapeHtml(text)}" loading="lazy">`,
      html({ text }) {
        if (/^\s*(<!--.*?-->\s*)+$/s.test(text)) return ""; // for those who write the file
        const name = /^<a id="([\w-]+)">$/.exec(text.trim())?.[1];
        if (name === undefined && text.trim() !== "</a>")
          throw new Error(`${source.path}: HTML is not for the site: ${text.slice(0, 80)}`);
        if (name !== undefined) names.add(name);
        return name === undefined ? "" : `<span id="${name}"></span>`;
      },
    },
  });
  const tokens = marked.lexer(source.markdown);
  const sections: { heading: Heading; body: string[] }[] = [];
  for (const token of tokens) {
    if (token.type !== "heading") {
      sections.at(-1)?.body.push(plainText(token));
      continue;
    }
    const text = plainText(token).trim();
    const heading = { level: (token as Tokens.Heading).depth, text, name: nameOf(text) };
    anchored.set(token, heading);
    names.add(heading.name);
    if (heading.level > DEEPEST) continue;
    headings.push(heading);
    sections.push({ heading, body: [] });
  }
  const [first] = headings;
  if (first?.level !== 1) throw new Error(`${source.path} does not begin with its title, "# …"`);
  return {
    source,
    title: first.text,
    html: marked.parser(tokens),
    headings,
    sections: sections.map(({ heading, body }) => ({
      ...heading,
      body: body.join(" ").replaceAll(/\s+/g, " ").trim(),
    })),
    names,
  };
}

/** Blocks without a mark on pages of optimizers, and indented ones, are formulas. Throws for what cannot be shown. */
export function languageOf(
  { path }: SiteSource,
  { lang: marked = "", codeBlockStyle }: Tokens.Code,
): Language {
  const formula = codeBlockStyle === "indented" || (marked === "" && path.startsWith("docs/optimizers/"));
  if (formula) return "formula";
  const language = languages.find((one) => one === marked);
  if (language === undefined)
    throw new Error(`${path}: a block of code "${marked}", expected a language of ${languages.join(", ")}`);
  return language;
}

function tableHtml({ header, rows }: Tokens.Table, inner: (cell: Tokens.TableCell) => string): string {
  const row = (cells: readonly Tokens.TableCell[], tag: "th" | "td"): string =>
    `<tr>${cells
      .map((cell) => {
        const kind = tag === "th" && cell.text.trim() === "" ? "td" : tag;
        return `<${kind}${cell.align === "right" ? ' class="right"' : ""}>${inner(cell)}</${kind}>`;
      })
      .join("")}</tr>`;
  const head = header.some(({ text }) => text.trim() !== "") ? `<thead>${row(header, "th")}</thead>` : "";
  return `<table>${head}<tbody>${rows.map((cells) => row(cells, "td")).join("")}</tbody></table>`;
}
