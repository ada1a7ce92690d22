import { bytesOfToken } from "./byteCharacters.ts";
import { type PartTable, readPart, unsupported } from "./part.ts";
import { readPattern } from "./readPattern.ts";

/** What is done to tokens on their way back to a text; the results are joined. */
export type Decoder = (tokens: readonly string[]) => string[];

/** `<0xE2>` and the like are bytes; a run of them that is no UTF-8 gives U+FFFD for each. */
const byteFallback: Decoder = (tokens) => {
  const out: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length === 0) return;
    try {
      out.push(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes)));
    } catch {
      for (const _ of bytes) out.push("\ufffd");
    }
    bytes = [];
  };
  for (const token of tokens) {
    const [, hex] = /^<0x([0-9A-Fa-f]{2})>$/.exec(token) ?? [];
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else {
      flush();
      out.push(token);
    }
  }
  flush();
  return out;
};

/** English as it is written, of WordPiece's decoder. */
const tidied = (text: string): string =>
  [
    [" .", "."],
    [" ?", "?"],
    [" !", "!"],
    [" ,", ","],
    [" ' ", "'"],
    [" n't", "n't"],
    [" 'm", "'m"],
    [" do not", " don't"],
    [" 's", "'s"],
    [" 've", "'ve"],
    [" 're", "'re"],
  ].reduce((done, [from = "", to = ""]) => done.replaceAll(from, to), text);

const table: PartTable<Decoder> = {
  ByteLevel(settings) {
    for (const name of ["add_prefix_space", "trim_offsets", "use_regex"]) settings.flag(name, true);
    return (tokens) => {
      const parts = tokens.map(bytesOfToken);
      const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
      return [new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)];
    };
  },
  WordPiece(settings) {
    const prefix = settings.text("prefix", "##");
    const cleanup = settings.flag("cleanup", true);
    return (tokens) =>
      tokens.map((token, i) => {
        const inside = prefix !== "" && token.startsWith(prefix);
        const joined = i === 0 ? token : inside ? token.slice(prefix.length) : ` ${token}`;
        return cleanup ? tidied(joined) : joined;
      });
  },
  Metaspace(settings) {
    const replacement = settings.character("replacement", "▁");
    settings.optional("str_rep");
    const spaced = settings.flag("add_prefix_space", true);
    const scheme = settings.choice(
      "prepend_scheme",
      ["always", "first", "never"],
      spaced ? "always" : "never",
    );
    settings.flag("split", true);
    return (tokens) =>
      tokens.map((token, i) => {
        const drop = i === 0 && scheme !== "never";
        return token.replaceAll(replacement, drop ? "" : " ");
      });
  },
  BPEDecoder(settings) {
    const suffix = settings.text("suffix", "</w>");
    return (tokens) => tokens.map((token, i) => token.replaceAll(suffix, i === tokens.length - 1 ? "" : " "));
  },
  ByteFallback: () => byteFallback,
  Fuse: () => (tokens) => [tokens.join("")],
  Strip(settings) {
    const content = settings.character("content", " ");
    const start = settings.count("start", 0);
    if (settings.count("stop", 0) > 0) throw unsupported("a decoder Strip with a stop");
    return (tokens) =>
      tokens.map((token) => {
        const characters = [...token];
        let from = 0;
        while (from < start && characters[from] === content) from++;
        return characters.slice(from).join("");
      });
  },
  Replace(settings) {
    const pattern = readPattern(settings);
    const content = settings.text("content");
    return (tokens) => tokens.map((token) => token.replace(pattern, () => content));
  },
  Sequence(settings) {
    const steps = settings.list("decoders").map((part) => readPart("decoder", part, table));
    return (tokens) => steps.reduce<string[]>((done, step) => step(done), [...tokens]);
  },
};

/** The `decoder` of a `tokenizer.json`; without one, tokens are joined by blanks. */
export function readDecoder(part: unknown): (tokens: readonly string[]) => string {
  if (part === null || part === undefined) return (tokens) => tokens.join(" ");
  const decoder = readPart("decoder", part, table);
  return (tokens) => decoder(tokens).join("");
}
