import MiniSearch from "minisearch";

/** A section of the docs as the site lists it: address, title of its page, heading, text. */
type Listed = readonly [address: string, page: string, heading: string, text: string];

export interface Found {
  readonly address: string;
  readonly page: string;
  readonly heading: string;
  /** Some text around the first word that was found. */
  readonly excerpt: string;
}

const MOST = 12;
const BEFORE = 40;
const EXCERPT = 150;

/** Sections of the docs, found by words, their beginnings and near misspellings; headings weigh more than text. */
export function searchIndex(listed: readonly Listed[]): (words: string) => Found[] {
  const index = new MiniSearch<{ id: number; page: string; heading: string; text: string }>({
    fields: ["page", "heading", "text"],
    searchOptions: {
      boost: { heading: 4, page: 3 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      combineWith: "AND",
      boostDocument: (id) => weightOf(listed[Number(id)]?.[0] ?? ""),
    },
  });
  // newtonSchulz is found as newton-schulz, too.
  const inWords = (name: string): string => `${name} ${name.replaceAll(/([a-z])([A-Z])/g, "$1 $2")}`;
  index.addAll(listed.map(([, page, heading, text], id) => ({ id, page, heading: inWords(heading), text })));
  return (words) =>
    index
      .search(words)
      .slice(0, MOST)
      .flatMap(({ id, terms }) => {
        const [address, page, heading, text] = listed[Number(id)] ?? [];
        if (address === undefined || page === undefined || heading === undefined) return [];
        return [{ address, page, heading, excerpt: excerptOf(text ?? "", terms) }];
      });
}

/** Tables of measurements name everything: what explains it comes first. */
const weightOf = (address: string): number =>
  /^(results|changelog|decisions)/.test(address) ? 0.25 : /^api/.test(address) ? 0.8 : 1;

function excerptOf(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase();
  const at = Math.min(...terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0));
  const from = Number.isFinite(at) && at > BEFORE ? text.indexOf(" ", at - BEFORE) + 1 : 0;
  const part = text.slice(from, from + EXCERPT);
  return `${from > 0 ? "… " : ""}${part}${from + EXCERPT < text.length ? " …" : ""}`;
}
