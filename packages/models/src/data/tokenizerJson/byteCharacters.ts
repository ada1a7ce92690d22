/**
 * GPT-2's printable characters for the 256 bytes: those that print stand for themselves, the others for characters from
 * U+0100 on (Radford et al. 2019).
 */
export const byteCharacters: readonly string[] = (() => {
  const prints = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(prints(byte) ? byte : next++));
})();

const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

/** The bytes of a text in UTF-8, a character each. */
export function toByteCharacters(text: string): string {
  if (/^ ?[!-~]*$/.test(text)) return text.replace(" ", "Ġ"); // most words
  let out = "";
  for (const byte of new TextEncoder().encode(text)) out += byteCharacters[byte];
  return out;
}

/** The bytes that a token stands for; one with any other character is its own UTF-8. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOf.get(character);
    if (byte === undefined) return new TextEncoder().encode(token);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
