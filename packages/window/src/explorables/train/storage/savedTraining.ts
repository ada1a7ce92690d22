import type { Sample } from "../engine/sample.ts";

/** What is kept of a side: the training, and what the page shows of its past. */
export interface SavedTraining {
  /** `settingsKey` of the training. */
  readonly key: string;
  readonly step: number;
  /** Of each step, from the first. */
  readonly losses: readonly number[];
  readonly milliseconds: readonly number[];
  readonly samples: readonly Sample[];
  /** Of `encodeState`. */
  readonly state: Uint8Array<ArrayBuffer>;
}

/** 4 bytes with the length of the JSON, little endian; the JSON; the state. */
export function encodeSaved({ state, ...past }: SavedTraining): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(past));
  const bytes = new Uint8Array(4 + text.length + state.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(state, 4 + text.length);
  return bytes;
}

/** Undefined for other settings, and for bytes that are no saved training. */
export function decodeSaved(bytes: Uint8Array<ArrayBuffer>, key: string): SavedTraining | undefined {
  if (bytes.length < 4) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + length > bytes.length) return undefined;
  try {
    const past = JSON.parse(
      new TextDecoder().decode(bytes.subarray(4, 4 + length)),
    ) as Partial<SavedTraining>;
    const { step, losses, milliseconds, samples } = past;
    const whole =
      past.key === key &&
      typeof step === "number" &&
      areNumbers(losses) &&
      areNumbers(milliseconds) &&
      Array.isArray(samples) &&
      losses.length === step &&
      milliseconds.length === step;
    if (!whole) return undefined;
    return { key, step, losses, milliseconds, samples, state: bytes.slice(4 + length) };
  } catch {
    return undefined;
  }
}

const areNumbers = (values: unknown): values is number[] =>
  Array.isArray(values) && values.every((value) => typeof value === "number");
