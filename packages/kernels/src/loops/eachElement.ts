import type { Code, Local } from "../wasm/code.ts";

const ELEMENT = 4;
const VECTOR = 16;

/** Runs `body` for `size` elements by four, then one by one; `pointers` move along. */
export function eachElement(
  code: Code,
  size: number,
  pointers: readonly Local[],
  body: (one: boolean) => void,
): void {
  const [first] = pointers;
  if (first === undefined) return;
  const stop = code.local("i32");
  const loop = (elements: number, bytes: number): void => {
    if (elements === 0) return;
    code
      .get(first)
      .i32(ELEMENT * elements)
      .plain("i32.add")
      .set(stop);
    code.repeat(() => {
      body(bytes === ELEMENT);
      for (const pointer of pointers) code.get(pointer).i32(bytes).plain("i32.add").set(pointer);
      code.get(first).get(stop).plain("i32.lt_u");
    });
  };
  loop(size & -4, VECTOR);
  loop(size & 3, ELEMENT);
}
