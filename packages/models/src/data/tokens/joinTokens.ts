import { expectRange, type TokenSource, tokensInMemory } from "./tokenSource.ts";

/** Sources one after the other, as one. A range may reach over several. */
export function joinTokens(sources: readonly TokenSource[]): TokenSource {
  const [first = tokensInMemory(new Int32Array())] = sources;
  if (sources.length < 2) return first;
  const starts: number[] = [];
  let length = 0;
  for (const source of sources) {
    starts.push(length);
    length += source.length;
  }

  /** The parts of a range, by the source they are in. */
  function parts(start: number, end: number): { source: TokenSource; from: number; to: number }[] {
    expectRange(start, end, length);
    const found: { source: TokenSource; from: number; to: number }[] = [];
    for (let i = lastAtMost(starts, start); i < sources.length; i++) {
      const [source, at] = [sources[i], starts[i] ?? 0];
      if (source === undefined || at >= end) break;
      found.push({ source, from: Math.max(start - at, 0), to: Math.min(end - at, source.length) });
    }
    return found;
  }
  return {
    length,
    read: (start, end) => joined(parts(start, end).map(({ source, from, to }) => source.read(from, to))),
    readLater: async (start, end) =>
      joined(
        await Promise.all(
          parts(start, end).map(({ source, from, to }) => (source.readLater ?? source.read)(from, to)),
        ),
      ),
  };
}

/** The last index whose value is ≤ `value`; `values` ascend from 0. */
function lastAtMost(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((values[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function joined(parts: readonly (Uint16Array | Int32Array)[]): Uint16Array | Int32Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const tokens = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    tokens.set(part, at);
    at += part.length;
  }
  return tokens;
}
