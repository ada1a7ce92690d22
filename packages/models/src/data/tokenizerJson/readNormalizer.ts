import { bertNormalizer } from "./bertNormalizer.ts";
import { toByteCharacters } from "./byteCharacters.ts";
import { lowerCase } from "./lowerCase.ts";
import type { Normalizer } from "./normalizer.ts";
import { damaged, type PartTable, readPart } from "./part.ts";
import { precompiled } from "./precompiled.ts";
import { readPattern } from "./readPattern.ts";

const unicodeForm =
  (form: "NFC" | "NFD" | "NFKC" | "NFKD"): Normalizer =>
  (text) =>
    text.normalize(form);

const table: PartTable<Normalizer> = {
  NFC: () => unicodeForm("NFC"),
  NFD: () => unicodeForm("NFD"),
  NFKC: () => unicodeForm("NFKC"),
  NFKD: () => unicodeForm("NFKD"),
  Lowercase: () => lowerCase,
  StripAccents: () => (text) => text.replace(/\p{M}/gu, ""),
  ByteLevel: () => toByteCharacters,
  Strip(settings) {
    const sides = [
      ...(settings.flag("strip_left", true) ? ["^\\p{White_Space}+"] : []),
      ...(settings.flag("strip_right", true) ? ["(?<!\\p{White_Space})\\p{White_Space}+$"] : []),
    ];
    const pattern = new RegExp(sides.join("|"), "gu");
    return sides.length === 0 ? (text) => text : (text) => text.replace(pattern, "");
  },
  Prepend(settings) {
    const added = settings.text("prepend");
    return (text) => (text === "" ? "" : added + text);
  },
  Replace(settings) {
    const pattern = readPattern(settings);
    const content = settings.text("content");
    return (text) => text.replace(pattern, () => content);
  },
  BertNormalizer: bertNormalizer,
  Precompiled: precompiled,
  Sequence(settings) {
    const steps = settings.list("normalizers").map(readNormalizer);
    return (text) => steps.reduce((done, step) => step(done), text);
  },
};

/** The `normalizer` of a `tokenizer.json`; `null` leaves texts as they are. */
export function readNormalizer(part: unknown): Normalizer {
  return part === null || part === undefined ? (text) => text : readPart("normalizer", part, table);
}

/** Whether a normalizer may take away the beginning of a text. */
export function mayDropBeginning(part: unknown): boolean {
  const text = JSON.stringify(part ?? null);
  if (text === undefined) throw damaged("its normalizer");
  return /"type":"(Strip|StripAccents|BertNormalizer|Replace|Precompiled)"/.test(text);
}
