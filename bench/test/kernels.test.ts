import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { hasPythonModule, PYTHON } from "#test-support/pythonModule.ts";
import { skipUnless } from "#test-support/skipUnless.ts";

const folder = fileURLToPath(new URL("../peers", import.meta.url));

test("a peer's OpenBLAS gets other kernels only where its own are narrower than the processor", () => {
  skipUnless(hasPythonModule("json"), "which kernels a peer gets", "apt-get install python3");
  const medium = ["avx2", "fma"];
  const wide = [...medium, "avx512f", "avx512dq", "avx512bw", "avx512vl"];
  const cases: readonly [core: string, flags: readonly string[], better: string | null][] = [
    ["Prescott", wide, "SkylakeX"],
    ["Haswell", wide, "SkylakeX"],
    ["SkylakeX", wide, null],
    ["Cooperlake", wide, null],
    ["Zen", wide, "SkylakeX"],
    ["Prescott", medium, "Haswell"],
    ["Zen", medium, null],
    ["Prescott", ["sse2"], null],
  ];
  const program =
    "import json,sys; from kernels import better_core; " +
    "print(json.dumps([better_core(core, set(flags)) for core, flags, _ in json.loads(sys.argv[1])]))";
  const out = execFileSync(PYTHON, ["-B", "-c", program, JSON.stringify(cases)], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(JSON.parse(out)).toEqual(cases.map(([, , better]) => better));
});
