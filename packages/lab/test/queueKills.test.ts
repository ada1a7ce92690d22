import { join } from "node:path";
import { expect, test } from "vitest";

import { skipUnless } from "../../../test-support/skipUnless.ts";
import { generator } from "../chaos/generator.ts";
import { type KillSweep, killSweep, type Victim } from "../chaos/killSweep.ts";
import { temporaryFolder } from "./support/microRun.ts";
import { queueKinds } from "./support/queueServers.ts";

const job = ["--model", "rosenbrock", "--steps", "1000", "--checkpoint-every", "100", "--eval-every", "500"];
const flags = ["sgd", ...job, "--over", "learningRate=0.0001,0.0003,0.001", "--extend", "0"];

/** What the sweep comes to when nobody disturbs it. */
const undisturbed = (folder: string) =>
  killSweep({ ...common, folder, victim: "sweep", server: undefined, kills: 0 });

const common: Pick<KillSweep, "flags" | "workers" | "random" | "say"> = {
  flags,
  workers: 2,
  random: generator(3),
  say: () => {},
};

test.skipIf(process.platform === "win32").each<[Victim, string]>([
  ["database", "Redis"],
  ["database", "Postgres"],
  ["coordinator", "a folder"],
  ["sweep", "no queue"],
])(
  "two kills of a %s, %s: nothing is lost and nothing made twice",
  async (victim, name) => {
    const kind = queueKinds.find((one) => one.name === name);
    skipUnless(kind?.isThere !== false, `kills of ${name}`, kind?.enabledBy ?? "");
    const folder = temporaryFolder();
    const server = await kind?.begin();
    try {
      const killed = await killSweep({ ...common, victim, server, folder: join(folder, "sweep"), kills: 2 });
      expect(killed.wrong).toEqual([]);
      expect(killed.losses).toEqual((await undisturbed(join(folder, "alone"))).losses);
    } finally {
      await server?.remove();
    }
  },
  300_000,
);
