import { CALL_WORDS, WORDS } from "./control.ts";

/**
 * The program of a helper thread, as text, since a bundler would not find it in a file: `control.ts` says what it does. A
 * module is compiled here from its bytes in shared memory, so that no message has to arrive while the thread sleeps.
 */
export const helperSource = `
const W = ${JSON.stringify(WORDS)};
const serve = (memory, base) => {
  let words = new Int32Array(memory.buffer);
  const at = base >>> 2; // an address may be above 2³¹
  const modules = new Map();
  const kernelsOf = () => {
    const number = words[at + W.MODULE_NUMBER];
    let kernels = modules.get(number);
    if (kernels === undefined) {
      const from = words[at + W.MODULE] >>> 0;
      const bytes = new Uint8Array(memory.buffer).slice(from, from + words[at + W.MODULE_BYTES]);
      const copy = new Uint8Array(bytes.length);
      copy.set(bytes);
      const { sin, cos, asin, atan } = Math;
      const env = { memory, sin, cos, asin, atan };
      kernels = Object.values(new WebAssembly.Instance(new WebAssembly.Module(copy), { env }).exports);
      modules.set(number, kernels);
    }
    return kernels;
  };
  let seen = 0;
  for (;;) {
    for (let i = 0; i < 2000 && Atomics.load(words, at + W.EPOCH) === seen; i++);
    Atomics.wait(words, at + W.EPOCH, seen);
    if (Atomics.load(words, at + W.STOP) !== 0) return;
    seen = Atomics.load(words, at + W.EPOCH);
    Atomics.add(words, at + W.ACTIVE, 1);
    let tile = Atomics.add(words, at + W.NEXT, 1);
    try {
    if (tile < Atomics.load(words, at + W.TILES)) {
      if (words.byteLength < memory.buffer.byteLength) words = new Int32Array(memory.buffer);
      const kernels = kernelsOf();
      const table = words[at + W.TABLE] >>> 2;
      const tiles = words[at + W.TILES];
      const calls = words[at + W.CALLS];
      let call = 0;
      for (; tile < tiles; tile = Atomics.add(words, at + W.NEXT, 1)) {
        while (call + 1 < calls && words[table + (call + 1) * ${CALL_WORDS} + 2] <= tile) call++;
        const k = table + call * ${CALL_WORDS};
        kernels[words[k]](words[k + 1], tile - words[k + 2]);
      }
    }
    } catch {
      Atomics.store(words, at + W.FAILED, 1);
    }
    if (Atomics.sub(words, at + W.ACTIVE, 1) === 1) Atomics.notify(words, at + W.ACTIVE);
  }
};
if (typeof require === "function") {
  const { workerData } = require("node:worker_threads");
  serve(workerData.memory, workerData.control);
} else {
  onmessage = ({ data }) => serve(data.memory, data.control);
}
`;
