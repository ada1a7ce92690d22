import { ByteSink } from "./byteSink.ts";
import { type Code, TYPES, type ValueType } from "./code.ts";

interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** What a module imports besides its memory, `env.memory`. Imported functions come first in the numbering. */
export interface ImportedFunction extends Signature {
  readonly name: string;
}

/** The most a memory of 32-bit addresses can have, in pages of 64 KiB. */
export const MAX_PAGES = 65_536;

/**
 * A WebAssembly module of functions without results, exported as "0", "1" and so on, on an imported memory.
 * `shared`: whether that memory is shared between threads.
 */
export function encodeModule(
  imported: readonly ImportedFunction[],
  functions: readonly Code[],
  shared: boolean,
): Uint8Array<ArrayBuffer> {
  const signatures: Signature[] = [
    ...imported,
    ...functions.map(({ parameters }) => ({ parameters: parameters.map(({ type }) => type), results: [] })),
  ];
  const list = <T>(items: readonly T[], write: (sink: ByteSink, item: T, i: number) => void): ByteSink => {
    const sink = new ByteSink().unsigned(items.length);
    for (const [i, item] of items.entries()) write(sink, item, i);
    return sink;
  };
  const typesOf = (types: readonly ValueType[]): ByteSink =>
    list(types, (sink, type) => sink.byte(TYPES[type]));
  const types = list(signatures, (sink, { parameters, results }) =>
    sink.byte(0x60).append(typesOf(parameters).bytes).append(typesOf(results).bytes),
  );
  const imports = new ByteSink().unsigned(1 + imported.length);
  imports
    .text("env")
    .text("memory")
    .byte(0x02, shared ? 0x03 : 0x01)
    .unsigned(0)
    .unsigned(MAX_PAGES);
  for (const [i, { name }] of imported.entries()) imports.text("env").text(name).byte(0x00).unsigned(i);
  const numbers = list(functions, (sink, _, i) => sink.unsigned(imported.length + i));
  const exports = list(functions, (sink, _, i) =>
    sink
      .text(String(i))
      .byte(0x00)
      .unsigned(imported.length + i),
  );
  const bodies = list(functions, (sink, code) => sink.sized(code.encode()));
  const module = new ByteSink().byte(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  const sections: [number, ByteSink][] = [
    [1, types],
    [2, imports],
    [3, numbers],
    [7, exports],
    [10, bodies],
  ];
  for (const [id, content] of sections) module.byte(id).sized(content);
  return module.bytes;
}
