import { expect, test } from "vitest";

import { openblasCore } from "../src/run/lapack/openblasCore.ts";

const narrow = "fpu sse2 avx";
const medium = `${narrow} avx2 fma`;
const wide = `${medium} avx512f avx512dq avx512bw avx512vl`;
const cpuinfo = (vendor: string, flags: string): string =>
  `processor\t: 0\nvendor_id\t: ${vendor}\nmodel name\t: X\nflags\t\t: ${flags}\nbugs\t\t: none\n`;

test.each([
  ["GenuineIntel", wide, "SkylakeX"],
  ["GenuineIntel", medium, "Haswell"],
  ["GenuineIntel", narrow, undefined],
  ["GenuineIntel", `${medium} avx512f`, "Haswell"],
  ["AuthenticAMD", wide, "SkylakeX"],
  ["AuthenticAMD", medium, undefined],
])("OpenBLAS's kernels on %s with %s: %s", (vendor, flags, core) => {
  expect(openblasCore(cpuinfo(vendor, flags))).toBe(core);
});

test("a processor that says nothing keeps OpenBLAS's own choice", () => {
  expect(openblasCore("")).toBeUndefined();
  expect(openblasCore("processor : 0\nFeatures : fp asimd\n")).toBeUndefined();
});
