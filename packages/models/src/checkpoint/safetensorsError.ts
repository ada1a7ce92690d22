/** Bytes that are no safetensors file, or one that says impossible things. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}

/** A value of an untrusted file inside a message: as JSON, and no longer than is useful. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
