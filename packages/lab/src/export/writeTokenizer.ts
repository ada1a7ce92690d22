/**
 * Writes the vocabulary, where it is not in every library, and returns the name of its file: `tokenizer.json` in Hugging
 * Face's format, or `characters.json` with the character of every id.
 */
export function writeTokenizer(
  state: unknown,
  write: (name: string, value: unknown) => void,
): string | undefined {
  if (typeof state !== "object" || state === null || !("name" in state)) return undefined;
  if (state.name === "characters") {
    write("characters.json", state);
    return "characters.json";
  }
  if (state.name !== "huggingface" || !("tokenizer" in state)) return undefined;
  write("tokenizer.json", state.tokenizer);
  if ("config" in state && state.config !== undefined) write("tokenizer_config.json", state.config);
  return "tokenizer.json";
}
