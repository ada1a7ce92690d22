/** The number a text is, or the text itself, which the check of the setting then refuses. */
export function parseNumber(text: string): number | string {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}
