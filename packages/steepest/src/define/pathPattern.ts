/**
 * True when a parameter path fits a pattern: `*` stands for one part of the path, `**` for any number of
 * them. `blocks.*.attention.**` fits `blocks.0.attention.query`.
 */
export function fitsPattern(pattern: string, path: string): boolean {
  const source = pattern
    .split(".")
    .map((part) => (part === "**" ? "**" : part.split("*").map(escapeText).join("[^.]*")))
    .join("\\.")
    .replaceAll("\\.**", "(?:\\..*)?")
    .replaceAll("**\\.", "(?:.*\\.)?")
    .replaceAll("**", ".*");
  return new RegExp(`^${source}$`).test(path);
}

const escapeText = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
