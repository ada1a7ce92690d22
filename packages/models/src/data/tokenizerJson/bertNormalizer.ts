import { lowerCase } from "./lowerCase.ts";
import type { Normalizer } from "./normalizer.ts";
import type { PartSettings } from "./part.ts";

/** Ideographs, as BERT's authors listed them (the reference library has 2B920 where 2B820 was meant). */
const ideographs =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

/**
 * BERT's normalizer: drops control characters, makes every white space a blank, puts blanks around ideographs, drops
 * accents and case. Accents go with the case where `strip_accents` is not said (Devlin et al. 2018, arXiv:1810.04805).
 */
export function bertNormalizer(settings: PartSettings): Normalizer {
  const clean = settings.flag("clean_text", true);
  const spaced = settings.flag("handle_chinese_chars", true);
  const lowercase = settings.flag("lowercase", true);
  const bare = settings.flag("strip_accents", lowercase);
  const steps: Normalizer[] = [
    ...(clean ? [cleaned] : []),
    ...(spaced ? [(text: string) => text.replace(ideographs, " $& ")] : []),
    ...(bare ? [(text: string) => text.normalize("NFD").replace(/\p{Mn}/gu, "")] : []),
    ...(lowercase ? [lowerCase] : []),
  ];
  return (text) => steps.reduce((done, step) => step(done), text);
}

const cleaned = (text: string): string =>
  text.replace(/(?![\t\n\r])[\0\ufffd\p{Cc}\p{Cf}\p{Co}]/gu, "").replace(/\p{White_Space}/gu, " ");
