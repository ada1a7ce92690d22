import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

import { replayFile } from "../src/replay/replayFile.ts";

const folder = fileURLToPath(new URL("../../../../shared/golden/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

/** Files that are not about what is built, with the reason the command gives. */
const skipped: Record<string, RegExp> = {
  lars_kozistr: /trustNorm/,
  signum_epfml: /momentumInit/,
  scion_airbench: /orthogonalization/,
  matrix_reference_roots: /inverse roots/,
};
const notBuilt =
  /^(adamuon|conda|dion|hyperball|mop|muon_hyperball|muown|namo|normuon|polargrad|racs|radial_brake|relative_update|scion_light|shampoo|soap|spel|sso|swan)/;

describe("golden trajectories of the official implementations", () => {
  test.each(files)("%s", async (name) => {
    const outcome = await replayFile(folder + name);
    const stem = name.replace(".json", "");
    const reason = skipped[stem] ?? (notBuilt.test(stem) ? /is not built yet/ : undefined);
    if (reason === undefined) expect(outcome).toMatchObject({ ok: true });
    else expect(outcome.skipped).toMatch(reason);
  });
});
