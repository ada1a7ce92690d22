import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";

import { repository, type SiteSource } from "./siteSource.ts";

/** What links of the repository's Markdown become on the site. */
export interface SiteLinks {
  /** The address of `href` in a page, from that page. Notes in `dead` what leads nowhere. */
  link(from: SiteSource, href: string): string;
  /** The address of an image, which becomes a file of the site. */
  image(from: SiteSource, href: string): string;
  /** Images that pages show, paths in the repository by their address below `/docs/`. */
  readonly images: ReadonlyMap<string, string>;
  /** Links to anchors of pages, to be looked up when all pages are there. */
  readonly anchors: readonly Anchor[];
  readonly dead: readonly string[];
}

export interface Anchor {
  readonly from: string;
  readonly address: string;
  readonly name: string;
}

const GITHUB = githubAddress();

export function siteLinks(sources: readonly SiteSource[]): SiteLinks {
  const pages = new Map(sources.map(({ path, address }) => [path, address]));
  const images = new Map<string, string>();
  const anchors: Anchor[] = [];
  const dead: string[] = [];
  const relative = (from: SiteSource, address: string): string =>
    posix.relative(posix.dirname(from.address), address).replace(/^$/, ".");
  return {
    images,
    anchors,
    dead,
    link(from, href) {
      const own = href.startsWith(`${GITHUB}/`) ? `/${href.slice(GITHUB.length + 1)}` : href;
      if (/^[a-z]+:/i.test(own)) return own;
      const [file = "", name] = own.split("#");
      const path = file === "" ? from.path : pathOf(from, decodeURI(file));
      const address = pages.get(path) ?? pages.get(posix.join(path, "README.md"));
      if (address !== undefined) {
        if (name !== undefined) anchors.push({ from: from.path, address, name: decodeURIComponent(name) });
        const page = address === from.address ? "" : relative(from, address);
        return name === undefined ? page || posix.basename(address) : `${page}#${name}`;
      }
      if (path.startsWith("..") || !existsSync(`${repository}${path}`)) dead.push(`${from.path}: ${href}`);
      return `${GITHUB}/${path}${name === undefined ? "" : `#${name}`}`;
    },
    image(from, href) {
      const path = pathOf(from, href);
      if (/^[a-z]+:/i.test(href) || !existsSync(`${repository}${path}`))
        dead.push(`${from.path}: image ${href}`);
      const address = `images/${path.replace(/^docs\//, "").replaceAll("/", "-")}`;
      images.set(address, path);
      return relative(from, address);
    },
  };
}

const pathOf = (from: SiteSource, file: string): string =>
  file.startsWith("/") ? posix.normalize(file.slice(1)) : posix.join(posix.dirname(from.path), file);

/** Where files are that are no pages: tests, sources, results as JSON. */
function githubAddress(): string {
  const { repository: found } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as { repository: { url: string } };
  return `${found.url.replace(/^git\+/, "").replace(/\.git$/, "")}/blob/main`;
}
