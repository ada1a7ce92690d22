import { Code } from "./code.ts";
import { encodeModule } from "./encodeModule.ts";

/**
 * Whether the engine has relaxed SIMD, whose multiply-add rounds once on every processor of the last ten years: Chromium from 114,
 * Node from 22. Sums of products have other last digits where it has not.
 */
export const hasMultiplyAdd: boolean = ((): boolean => {
  const code = new Code([]);
  const x = code.local("v128");
  code.get(x).get(x).get(x).simd("f32x4.relaxed_madd").set(x);
  return WebAssembly.validate(encodeModule([], [code], false));
})();
