import type { Normalizer } from "./normalizer.ts";
import { damaged, type PartSettings } from "./part.ts";

/**
 * SentencePiece's table of replacements (`precompiled_charsmap`, base64): a double-array trie over UTF-8, and the texts it
 * leads to, each ended by a zero byte. A grapheme of less than 6 bytes is replaced by what its shortest beginning in the
 * table stands for; of all others each character is.
 * Source: Kudo & Richardson 2018, arXiv:1808.06226; the trie is Darts-clone's.
 */
export function precompiled(settings: PartSettings): Normalizer {
  const bytes = decodeBase64(settings.text("precompiled_charsmap"));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const trieBytes = bytes.length < 4 ? -1 : view.getUint32(0, true);
  if (trieBytes < 4 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
    throw damaged("the table of its normalizer Precompiled is cut short");
  }
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const texts = bytes.subarray(4 + trieBytes);
  const utf8 = new TextEncoder();
  const known = new Map<string, string | undefined>();

  const find = (part: string): string | undefined => {
    const place = shortestPrefix(trie, utf8.encode(part));
    if (place === undefined) return undefined;
    const end = texts.indexOf(0, place);
    return new TextDecoder().decode(texts.subarray(place, end === -1 ? texts.length : end));
  };
  const replacement = (part: string): string | undefined => {
    if (!known.has(part) && known.size < 2 ** 16) known.set(part, find(part));
    return known.has(part) ? known.get(part) : find(part);
  };
  const grapheme = (text: string): string => {
    const whole = utf8.encode(text).length < 6 ? replacement(text) : undefined;
    return whole ?? [...text].map((character) => replacement(character) ?? character).join("");
  };
  // Among ASCII, only a carriage return and a line feed make one grapheme; segmenting takes long.
  const parts =
    /[\0-\x7f]+(?![^\0-\x7f])(?<!\r(?=\n))|(?:\r\n|[\0-\x7f])?[^\0-\x7f]+(?:[\0-\x7f](?=[^\0-\x7f])[^\0-\x7f]+)*/g;
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  return (text) =>
    text.replace(parts, (part) => {
      const units =
        /^[\0-\x7f]/.test(part) && /^[\0-\x7f]*$/.test(part)
          ? (part.match(/\r\n|[\0-\x7f]/g) ?? [])
          : Array.from(segmenter.segment(part), ({ segment }) => segment);
      let out = "";
      for (const unit of units) out += grapheme(unit);
      return out;
    });
}

/** The value of the shortest key that `key` begins with. */
function shortestPrefix(trie: Uint32Array, key: Uint8Array): number | undefined {
  const offset = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  let place = offset(trie[0] ?? 0);
  for (const byte of key) {
    if (byte === 0) return undefined;
    place ^= byte;
    const unit = trie[place] ?? 0;
    if (((unit & (1 << 31)) | (unit & 0xff)) !== byte) return undefined;
    place ^= offset(unit);
    if (((unit >>> 8) & 1) === 1) return (trie[place] ?? 0) & 0x7fffffff;
  }
  return undefined;
}

function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw damaged("the table of its normalizer Precompiled is no base64");
  }
}
