import { sizeOf } from "../nest/nest.ts";
import type { Code, Local } from "../wasm/code.ts";

/**
 * Adds to the address on the stack the place of element `index`, counted in row-major order over `shape`: the sum of its
 * coordinates times their strides times `bytes`.
 */
export function addCoordinates(
  code: Code,
  index: Local,
  shape: readonly number[],
  strides: readonly number[],
  bytes: number,
): void {
  const inner = strides.at(-1) ?? 0;
  const regular = shape.every((_, i) => strides[i] === inner * sizeOf(shape.slice(i + 1)));
  if (regular) {
    if (inner !== 0)
      code
        .get(index)
        .i32(bytes * inner)
        .plain("i32.mul", "i32.add");
    return;
  }
  for (const [i, n] of shape.entries()) {
    const stride = strides[i] ?? 0;
    if (stride === 0) continue;
    code.get(index);
    const below = sizeOf(shape.slice(i + 1));
    if (below > 1) code.i32(below).plain("i32.div_u");
    if (i > 0) code.i32(n).plain("i32.rem_u");
    code.i32(bytes * stride).plain("i32.mul", "i32.add");
  }
}
